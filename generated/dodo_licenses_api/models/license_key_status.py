from enum import StrEnum


class LicenseKeyStatus(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    EXPIRED = "expired"

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def _missing_(cls, value: object) -> "LicenseKeyStatus | None":
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
