"""The core's migrations, as Piccolo looks for them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

CORE_APP = "motcua"

APP_CONFIG = AppConfig(
    app_name=CORE_APP,
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
)
