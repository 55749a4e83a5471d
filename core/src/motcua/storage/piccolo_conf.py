"""What Piccolo's own commands and migrations look up. Importing it connects nowhere."""

from piccolo.conf.apps import AppRegistry

from motcua.storage.owner import OWNER

DB = OWNER
APP_REGISTRY = AppRegistry(apps=["motcua.storage.piccolo_app"])
