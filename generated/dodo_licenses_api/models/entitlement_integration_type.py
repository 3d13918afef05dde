from enum import StrEnum


class EntitlementIntegrationType(StrEnum):
    DIGITAL_FILES = "digital_files"
    DISCORD = "discord"
    FEATURE_FLAG = "feature_flag"
    FIGMA = "figma"
    FRAMER = "framer"
    GITHUB = "github"
    LICENSE_KEY = "license_key"
    NOTION = "notion"
    TELEGRAM = "telegram"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "EntitlementIntegrationType | None":
        """Keep a value that is newer than this client as itself; case tells no two apart."""
        if not isinstance(value, str):
            return None
        for known in cls:
            if known.value.lower() == value.lower():
                return known
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member
