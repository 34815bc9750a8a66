"""Submit jobs to Polyptych, follow them, and fetch their panels. ``polyptych.models`` has the types of the contract."""

from polyptych import models
from polyptych._async import AsyncClient, AsyncJob
from polyptych._events import Event
from polyptych._sync import Client, Job
from polyptych.callbacks import verify_callback
from polyptych.errors import JobFailed, NotTrusted, PolyptychError, Refused
from polyptych.models import JobRequest, JobStatus, KeptReference, Reference

__all__ = [
    "AsyncClient", "AsyncJob", "Client", "Event", "Job", "JobFailed", "JobRequest", "JobStatus", "KeptReference",
    "NotTrusted", "PolyptychError", "Reference", "Refused", "models", "verify_callback",
]
