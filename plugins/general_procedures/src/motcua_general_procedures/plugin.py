"""The other nineteen fields of law a commune handles, as definitions."""

from collections.abc import Iterable

from motcua.plugin import PluginManifest, ProcedureDefinition, hookimpl, load_definitions

manifest = PluginManifest(
    name="general_procedures",
    label_vi="Thủ tục chung của xã, phường",
    label_en="General procedures",
    version="0.1.0",
    core_api=">=1.0,<2",
    fields=(
        "bao-tro-xa-hoi",
        "boi-thuong-nha-nuoc",
        "dan-quan",
        "dat-dai",
        "giam-ngheo",
        "giao-duc",
        "hoa-giai-co-so",
        "khieu-nai-to-cao",
        "moi-truong",
        "nguoi-co-cong",
        "nong-nghiep",
        "nuoi-con-nuoi",
        "phong-chong-tham-nhung",
        "phong-chong-thien-tai",
        "the-thao",
        "thi-dua-khen-thuong",
        "ton-giao",
        "tre-em",
        "van-hoa",
    ),
)


@hookimpl
def procedures() -> Iterable[ProcedureDefinition]:
    """Forty-five procedures in nineteen fields, and two of 2018 for the demonstration."""
    return load_definitions("motcua_general_procedures")
