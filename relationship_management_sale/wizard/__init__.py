from . import margin_take
