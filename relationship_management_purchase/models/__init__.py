from . import account_move
from . import purchase_order
