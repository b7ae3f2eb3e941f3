"""Which keys of a document name something else in it, as patterns in which a star stands for one part."""

from __future__ import annotations

#: Where a value names something else in the document.
REFERENCES = (
    "cities.*.country",
    "customers.*.tier",
    "device_types.*.profile",
    "fault_types.*.skill",
    "fault_types.*.part.part",
    "fault_types.*.stages.*.skill",
    "fault_types.*.remote.opens",
    "fault_types.*.misdiagnosis.skill",
    "fault_types.*.remote_expert.skill",
    "sites.*.city",
    "sites.*.customer",
    "sites.*.centre",
    "centres.*.city",
    "centres.*.serves.countries",
    "centres.*.serves.cities",
    "centres.*.serves.sites",
    "centres.*.engineers.*.shift",
    "centres.*.engineers.*.on_call.calendar",
    "centres.*.partner.calendar",
    "absences.key_person_loss.*.centre",
    "absences.key_person_loss.*.group",
    "centres.*.depot.*.from",
    "disruptions.*.countries",
    "disruptions.*.cities",
    "disruptions.*.centres",
    "disruptions.*.batches.*.fault_type",
    "disruptions.*.batches.*.device_type",
    "effects.*.batches.*.fault_type",
    "effects.*.batches.*.device_type",
    "links.*.from",
    "links.*.to",
    "parts_policy.pools.*",
    "parts_policy.*.parts",
    "sla.*.calendar",
    "sla.*.match.zone",
    "sla.*.match.country",
    "sla.*.match.city",
    "sla.*.match.site",
    "sla.*.match.customer_tier",
    "sla.*.match.fault_type",
    "dispatch.policy",
    "dispatch.overflow.partner",
    "dispatch.crossing.centres",
    "inspections.fault_type",
    "inspections.calendar",
    "inspections.training_sites",
    "prediction.device_types",
    "prediction.customer_tiers",
    "penalties.suspension.triggers.overflow.partner",
    "alerts.*.triggers.overflow.partner",
    "aftercare.*.opens",
)
#: Where the keys of a section do.
REFERRING_KEYS = (
    "device_types.*.faults",
    "fault_types.*.stages.*.next",
    "fault_types.*.stages.*.next_by_level.*",
    "sites.*.devices",
    "centres.*.depot",
    "penalties.daily_losses",
    "inspections.customer_tiers",
    "inspections.sites",
    "climate.cities",
    "city_travel.cities",
    "centres.*.engineers.*.van",
    "travel.hours",
    "travel.hours.*",
    "sources",
)
#: Where the keys are skill domains, or a list stands for such keys.
SKILLS = ("centres.*.engineers.*.skills.*",)
#: Where a date may stand with a time.
TIMES = ("disruptions.*.from",)
#: Required, but of each condition there is a value that it has when absent.
PRESET = ("climate.spells.*.hours",)
