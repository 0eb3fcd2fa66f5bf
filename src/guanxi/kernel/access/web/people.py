"""Settings: users."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.commands import (
    activate_user,
    create_user,
    deactivate_user,
    edit_user,
    reset_password,
    reset_second_factor,
    unlink_oidc,
    unlock_user,
)
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import Person, get_person, list_people, list_places, list_roles
from guanxi.kernel.access.queries.people import STATES
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.web.forms import PersonForm
from guanxi.kernel.access.web.people_view import people_context
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.registry import panels_for


@require_safe
def show_people(request: HttpRequest) -> HttpResponse:
    """All users, by name; found by name, user name or employee number."""
    asked, page = request.GET.get("state", "active"), request.GET.get("page", "1")
    state = next((known for known in STATES if known == asked), STATES[0])
    q = request.GET.get("q", "").strip()[:100]
    found = list_people(reader_of(request), q=q, state=state, page=int(page) if page.isdecimal() else 1)
    return render(request, "access/people.html", people_context(found, q, state))


@never_cache
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Create a user, who then chooses a password by a one-time link."""
    reader = reader_of(request)
    form = PersonForm(request.POST or None, roles=list_roles(reader), places=list_places(reader))
    if form.is_valid():
        try:
            user = create_user(reader, **form.cleaned_data)
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            link = reset_password(reader, user.pk, way="link")
            return _tell_secret(request, get_person(reader, user.pk), link, "link", is_new=True)
    return render(request, "access/person_new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user: who it is, what he may, and what can be done with him."""
    reader = reader_of(request)
    person = get_person(reader, user_id)
    form = PersonForm(
        request.POST or None, initial=_initial(person), roles=list_roles(reader), places=list_places(reader)
    )
    if form.is_valid():
        try:
            edit_user(reader, user_id, **form.cleaned_data)
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("settings-people")
    context = {"person": person, "form": form, "offers": _offers(reader, user_id)}
    return render(request, "access/person.html", context, status=422 if form.errors else 200)


def _offers(reader: User, user_id: int) -> list[dict[str, object]]:
    """What apps offer to hand over when this user leaves; they plug themselves in at the slot "leaver"."""
    loaded = ((panel, panel.load(reader, user_id)) for panel in panels_for("leaver", reader))
    return [{"template": panel.template, "facts": facts} for panel, facts in loaded if facts is not None]


@require_POST
def switch_person(request: HttpRequest, user_id: int, way: str) -> HttpResponse:
    """Switch a user off or on, or unlock his log-in."""
    reader = reader_of(request)
    if way == "off":
        user = deactivate_user(reader, user_id)
        messages.success(request, gettext("{name} is switched off and logged out everywhere.").format(name=user))
    elif way == "on":
        user = activate_user(reader, user_id)
        messages.success(request, gettext("{name} can log in again.").format(name=user))
    elif way == "unlock":
        unlock_user(reader, user_id)
        messages.success(request, gettext("The log-in is unlocked."))
    else:
        raise Http404
    return redirect("settings-person", user_id)


@require_POST
def reset_code(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take the second factor from a user who lost it."""
    reset_second_factor(reader_of(request), user_id)
    messages.success(request, gettext("The log-in asks for the password alone until a code is set up again."))
    return redirect("settings-person", user_id)


@require_POST
def unlink_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Undo the link of a user to the OpenID Connect provider."""
    unlink_oidc(reader_of(request), user_id)
    messages.success(request, gettext("The link is undone, and all devices are logged out."))
    return redirect("settings-person", user_id)


@never_cache
@require_POST
def reset_person(request: HttpRequest, user_id: int) -> HttpResponse:
    """End a user's password, and show once how he comes to a new one."""
    reader = reader_of(request)
    way = "temporary" if request.POST.get("way") == "temporary" else "link"
    secret = reset_password(reader, user_id, way="temporary" if way == "temporary" else "link")
    return _tell_secret(request, get_person(reader, user_id), secret, way, is_new=False)


def _tell_secret(request: HttpRequest, person: Person, secret: str, way: str, *, is_new: bool) -> HttpResponse:
    """Show link or password: in this answer only, nowhere kept."""
    if way == "link":
        secret = request.build_absolute_uri(reverse("choose-password", args=[secret]))
    context = {"person": person, "secret": secret, "is_link": way == "link", "is_new": is_new}
    return render(request, "access/person_secret.html", context)


def _initial(person: Person) -> dict[str, object]:
    return {
        "display_name": person.display_name, "username": person.line.username,
        "email": person.email,
        "employee_no": person.line.employee_no, "team_id": person.team_id, "branch_id": person.branch_id,
        "roles": person.role_names,
    }  # fmt: skip
