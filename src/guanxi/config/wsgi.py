"""The WSGI door for granian or any other server."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
application = get_wsgi_application()
# What is loaded stays: the collector of cycles need not walk it while a reader waits.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
