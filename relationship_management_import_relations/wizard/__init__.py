from . import relation_import
