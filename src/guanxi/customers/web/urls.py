"""The customer list and the customer page."""

from __future__ import annotations

from django.urls import path

from guanxi.customers.web import (
    attached,
    cells,
    edit,
    files,
    follow_ups,
    guarded_views,
    hand_over,
    many_views,
    merge_views,
    purchase_views,
    steps,
    views,
)
from guanxi.customers.web.many_forms import FORMS
from guanxi.kernel.lists.web.export import export_list

urlpatterns = [
    path("", views.show_list, name="customers"),
    path("many/export/", export_list, {"list_key": "customers"}, name="customers-export"),
    *(path(f"many/{what}/", many_views.change_many, {"what": what}, name=f"customers-{what}") for what in FORMS),
    path("merge/", merge_views.merge, name="customers-merge"),
    path("merges/<int:merge_id>/back/", merge_views.take_back, name="customer-merge-back"),
    path("cells/undo/<slug:token>/", cells.undo, name="customer-cell-undo"),
    path("cells/<int:customer_id>/", cells.show_row, name="customer-cell-row"),
    path("cells/<int:customer_id>/<str:name>/", cells.edit_cell, name="customer-cell"),
    path("new/", edit.new, name="customer-new"),
    path("new/check/", edit.check, name="customer-check"),
    path("find/", attached.find, name="customer-find"),
    path("hand-over/<int:user_id>/", hand_over.hand_over_all, name="customer-hand-over"),
    path("why/", guarded_views.show_why, name="customer-why"),
    path("<int:customer_id>/", views.show_customer, name="customer"),
    path("<int:customer_id>/twins/", merge_views.show_twins, name="customer-twins"),
    path("<int:customer_id>/card/", views.show_card, name="customer_card"),
    path("<int:customer_id>/details/<slug:name>/", guarded_views.show_detail, name="customer-detail"),
    path("<int:customer_id>/history/", guarded_views.show_history, name="customer-history"),
    path("<int:customer_id>/edit/", edit.edit, name="customer-edit"),
    path("<int:customer_id>/log/", follow_ups.log, name="customer-log"),
    path("<int:customer_id>/did/", follow_ups.show_did, name="customer-did"),
    path("<int:customer_id>/timeline/", follow_ups.show_timeline, name="customer-timeline"),
    path("<int:customer_id>/files/", files.upload, name="customer-upload"),
    path("<int:customer_id>/parts/<slug:key>/", attached.show_part, name="customer-part"),
    path("<int:customer_id>/parts/<slug:key>/new/", attached.show_new, name="customer-part-new"),
    path("<int:customer_id>/parts/<slug:key>/<int:row_id>/", attached.show_row, name="customer-part-row"),
    path("<int:customer_id>/parts/<slug:key>/<int:row_id>/remove/", attached.remove_row, name="customer-part-remove"),
    path("files/<int:attachment_id>/", files.download, name="customer-file"),
    path("files/<int:attachment_id>/delete/", files.delete, name="customer-file-delete"),
    path("files/<int:attachment_id>/restore/", files.restore, name="customer-file-restore"),
    path("follow-ups/<int:interaction_id>/", follow_ups.show_follow_up, name="follow-up"),
    path("follow-ups/<int:interaction_id>/pin/", follow_ups.pin, name="follow-up-pin"),
    path("follow-ups/<int:interaction_id>/remove/", follow_ups.remove, name="follow-up-remove"),
    path("follow-ups/<int:interaction_id>/restore/", follow_ups.restore, name="follow-up-restore"),
    path("steps/<int:task_id>/done/", steps.done, name="step-done"),
    path("steps/<int:task_id>/drop/", steps.drop, name="step-drop"),
    path("steps/<int:task_id>/reopen/", steps.reopen, name="step-reopen"),
    path("steps/<int:task_id>/move/", steps.move, name="step-move"),
    path("<int:customer_id>/purchases/new/", purchase_views.new_purchase, name="purchase-new"),
    path("purchases/<int:purchase_id>/back/", purchase_views.take_purchase_back, name="purchase-back"),
    path("<int:customer_id>/panels/<slug:key>/", views.show_panel, name="customer_panel"),
]
