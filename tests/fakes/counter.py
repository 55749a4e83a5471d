"""The whole application over a database that exists already, for a browser to visit."""

import os

import msgspec
from litestar import Litestar

from fakes.clock import FixedClock
from motcua.app import SETTINGS_VARIABLE, Settings, create_app, log_as_json


def create() -> Litestar:
    """The application by the settings in the environment, on a Tuesday morning."""
    log_as_json()
    settings = msgspec.json.decode(os.environ[SETTINGS_VARIABLE], type=Settings)
    return create_app(settings, clock=FixedClock())
