"""What the solver layer raises.

```
BackendError          a backend is missing, unlicensed or broke
├── CapabilityError   it cannot do what was asked
├── ModelError        the model is malformed
└── OptionError       it refused an option
```
"""

__all__ = ["BackendError", "CapabilityError", "ModelError", "OptionError"]


class BackendError(Exception):
    """A backend is missing, unlicensed or broke; the message says which."""


class CapabilityError(BackendError):
    """The backend cannot do what was asked; the message names those that can."""


class ModelError(BackendError):
    """The model is malformed: shapes that differ, or figures that are not numbers."""


class OptionError(BackendError):
    """The backend refused an option; the message names option and value."""
