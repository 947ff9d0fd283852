from . import models, wizard, report
