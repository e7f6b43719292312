from . import story
from . import translated
