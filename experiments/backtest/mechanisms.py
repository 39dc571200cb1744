"""Why a case comes out as it does, found by reading the traces; shown below the case."""

MECHANISMS = {"ING.posts": "tbd", "VERIZON.coverage": "tbd", "VERIZON.authority": "tbd", "EGG.day": "tbd", "AMEX.coverage": "tbd", "NETFLIX.net": "tbd"}
