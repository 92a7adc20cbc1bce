"""What users did with answers, and what audits of some of them found."""

from datetime import date, timedelta

from making.common import Row, Strengths, chance, language, other

LAST = date(2026, 11, 16)


def feedback(f: Strengths, *, users: int = 150, each: int = 7) -> list[Row]:
    """Return events in time; ``bad`` answers, ``drawn`` for audit, ``open`` audits and ``quiet`` days since."""
    rows = []
    for number in range(users * each):
        user = number * 7 % users
        day = LAST - timedelta(
            days=int(f.get("quiet", 0.0)) + (users * each - 1 - number) * 27 // (users * each)
        )
        drawn = chance("drawn", number) < f.get("drawn", 0.4)
        bad = chance("bad", number) < f.get("bad", 0.03) + (
            f.get("bad_other", 0.0) if other(user, users) else 0.0
        )
        audit = ""
        if drawn:
            audit = "" if chance("open", number) < f.get("open", 0.02) else "bad" if bad else "good"
        u = chance("signal", number)
        rows.append(
            {
                "event": f"V{number:04d}",
                "user": f"U{user:03d}",
                "signal": "down" if bad and u < 0.3 else "up" if u < 0.12 else "none",
                "at": f"{day.isoformat()}T{9 + number % 8:02d}:{number * 7 % 60:02d}:00Z",
                "drawn": "true" if drawn else "false",
                "audit": audit,
                "language": language(user, users),
            }
        )
    return rows
