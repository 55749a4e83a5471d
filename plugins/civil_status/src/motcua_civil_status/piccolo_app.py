"""The plugin's migrations, as Piccolo looks for them."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="civil_status", migrations_folder_path=Path(__file__).parent / "migrations"
)
