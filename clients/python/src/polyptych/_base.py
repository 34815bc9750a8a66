"""What all messages have in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A message of the contract. A field that this version does not know is kept and passed on."""

    model_config = ConfigDict(extra="allow", protected_namespaces=())
