"""How an activity turns to somebody: over a channel of the consents, or in person."""

from ..consent.channel import CHANNELS

# Nobody asks for consent to a visit; whoever is archived or hidden is left out.
VISIT = "visit"
ACTIVITY_CHANNELS = [*CHANNELS, (VISIT, "Visit")]
