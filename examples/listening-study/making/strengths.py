"""How strong each planted fault is, by table."""

FIRST: dict[str, dict[str, float]] = {
    "annotators": {"expired": 0.1},
    "annotations": {
        "slips": 0.05,
        "gold_slips": 0.15,
        "otherwise": 0.5,
        "careless": 0.3,
        "busiest": 0.9,
        "alone": 0.1,
        "pay": 0.04,
        "random": 0.02,
    },
    "reviews": {"undone": 0.3, "passed": 0.5, "stamped": 0.6, "before": 0.95},
    "statements": {"dissent": 0.95},
    "preferences": {
        "left": 0.4,
        "both_bad": 0.35,
        "longer": 0.0,
        "turned": 0.9,
        "apart": 1.0,
        "same": 0.6,
        "doubled": 60,
        "reward_other": 0.4,
        "empty": 1,
    },
    "judge_feedback": {"odd": 0.45},
    "evaluations": {
        "kinder": -1.0,
        "noise": 5.0,
        "own": 1.5,
        "doubt": 0.8,
        "wavers": 0.4,
        "gamed": 0.5,
        "drift": 0.8,
        "worse": 0.35,
    },
    "judge_pairs": {"place": 0.6},
    "jury": {"carried": 1.0},
    "leaderboard": {"odd": 1.0},
    "exam": {"copied": 0.3},
    "prompt_evaluations": {"lost": 0.12, "gained": 0.0},
    "selection_evaluations": {"lost": 0.12, "gained": 0.0},
    "handover_evaluations": {"lost": 0.12, "gained": 0.0},
    "source_evaluations": {"harder": 0.2},
    "personalization": {
        "wrong": 0.4,
        "made_up": 0.1,
        "sensitive": 0.1,
        "greedy": 0.5,
        "blind": 0.4,
        "worse": 0.5,
        "intrusive": 0.2,
        "flatters": 0.8,
        "deaf": 8.0,
        "unlearnable": 1.0,
    },
    "feedback": {"bad": 0.35, "drawn": 0.5, "quiet": 40},
}
"""The first wave: as it was collected, with nearly every fault at once."""

PILOT: dict[str, dict[str, float]] = {"leaderboard": {"lines": 3}, "jury": {"families": 3}}
"""The pilot: too few people and items to tell."""

NEAR: dict[str, dict[str, dict[str, dict[str, float]]]] = {
    "annotations": {
        "HC-HITL-02": {
            "inside": {"slips": 0.08036},
            "outside": {"slips": 0.110266, "severe": 0.0075},
        },
        "HC-HITL-03": {
            "inside": {"slips": 0.16875},
            "outside": {"slips": 0.215},
        },
        "HC-HITL-04": {
            "inside": {"untimed": 0.02, "careless": 0.156},
            "outside": {"careless": 0.29688},
        },
        "HC-HITL-05": {
            "inside": {"slips": 0.005, "tired": 0.025},
            "outside": {"slips": 0.005, "tired": 0.11875},
        },
        "HC-HITL-09": {
            "inside": {"otherwise": 0.05469},
            "outside": {"slips": 0.08, "otherwise": 0.166667},
        },
        "HC-HITL-10": {
            "inside": {"severe": 0.21875},
            "outside": {"severe": 0.4},
        },
        "HC-HITL-11": {
            "inside": {"otherwise": 0.07031},
            "outside": {"otherwise": 0.21875},
        },
        "HC-HITL-40": {
            "inside": {"push": 0.00625},
            "outside": {"push": 0.0875},
        },
    },
    "reviews": {
        "HC-HITL-42": {
            "inside": {"undone": 0.06157},
            "outside": {"undone": 0.12688},
        },
        "HC-HITL-43": {
            "inside": {"passed": 0.21937},
            "outside": {"passed": 0.41875},
        },
        "HC-HITL-44": {
            "inside": {"stamped": 0.12535},
            "outside": {"stamped": 0.2375},
        },
        "HC-HITL-45": {
            "inside": {"before": 0.925},
            "outside": {"before": 0.98125},
        },
    },
    "prompt_evaluations": {
        "HC-HITL-46": {
            "inside": {"gained": 0.02, "lost": 0.01},
            "outside": {"lost": 0.0375, "gained": 0.0},
        },
    },
    "selection_evaluations": {
        "HC-HITL-50": {
            "inside": {"lost": 0.016, "gained": 0.02},
            "outside": {"lost": 0.0375, "gained": 0.0},
        },
    },
    "handover_evaluations": {
        "HC-HITL-51": {
            "inside": {"gained": 0.02, "lost": 0.012},
            "outside": {"lost": 0.0375, "gained": 0.0},
        },
    },
    "feedback": {
        "HC-HITL-54": {
            "inside": {"bad": 0.04375},
            "outside": {"bad": 0.115},
        },
    },
    "statements": {
        "HC-PREF-21": {
            "inside": {"dissent": 0.18, "silent": 0.15},
            "outside": {"dissent": 0.5325},
        },
    },
    "preferences": {
        "HC-PREF-03": {
            "inside": {"turned": 0.0925},
            "outside": {"turned": 0.21031},
        },
        "HC-PREF-05": {
            "inside": {"left": 0.025},
            "outside": {"left": 0.15},
        },
        "HC-PREF-06": {
            "inside": {"longer": 0.06562},
            "outside": {"longer": 0.2625},
        },
        "HC-PREF-07": {
            "inside": {"both_bad": 0.16953},
            "outside": {"both_bad": 0.22829},
        },
        "HC-PREF-11": {
            "inside": {"moved": 0.05},
            "outside": {"moved": 0.175},
        },
        "HC-PREF-12": {
            "inside": {"apart": 0.0164},
            "outside": {"apart": 0.2625},
            "below": {"close": -0.12},
        },
        "HC-PREF-13": {
            "outside": {"sides": 1.0},
        },
        "HC-PREF-14": {
            "inside": {"apart": 0.51562},
            "outside": {"apart": 0.66797},
            "below": {"close": -0.12},
        },
        "HC-PREF-18": {
            "inside": {"reward_other": 0.01875},
            "outside": {"reward_other": 0.09375},
        },
        "HC-PREF-19": {
            "inside": {"apart": 0.42188},
            "outside": {"apart": 0.60157},
        },
        "HC-PREF-20": {
            "outside": {"close": 0.4},
        },
    },
    "candidates": {
        "HC-PREF-08": {
            "inside": {"same": 0.14062},
            "outside": {"same": 0.2625},
        },
    },
    "evaluations": {
        "HC-JUDGE-02": {
            "inside": {"kinder": -0.0625},
            "outside": {"kinder": -0.25},
        },
        "HC-JUDGE-03": {
            "inside": {"noise": 2.14453},
            "outside": {"noise": 3.925},
        },
        "HC-JUDGE-05": {
            "inside": {"misses": 0.09375},
            "outside": {"misses": 0.1875},
        },
        "HC-JUDGE-06": {
            "inside": {"doubt": 0.03125},
            "outside": {"doubt": 0.125},
        },
        "HC-JUDGE-07": {
            "inside": {"wavers": 0.0675},
            "outside": {"wavers": 0.19218},
        },
        "HC-JUDGE-09": {
            "inside": {"own": 0.04688},
            "outside": {"own": 0.25782},
            "below": {"own": -0.5},
        },
        "HC-JUDGE-10": {
            "inside": {"mention": 0.00293},
            "outside": {"mention": 0.28125},
        },
        "HC-JUDGE-12": {
            "inside": {"gamed": 0.03, "gamed_home": 0.051},
            "outside": {"gamed": 0.19281},
        },
        "HC-JUDGE-13": {
            "inside": {"drift": 0.1125},
            "outside": {"drift": 0.28125},
        },
        "HC-JUDGE-14": {
            "outside": {"turned": 1.0},
        },
        "HC-JUDGE-15": {
            "inside": {"worse": 0.05},
            "outside": {"worse": 0.1625},
        },
        "HC-JUDGE-16": {
            "inside": {"worse": 0.05},
            "outside": {"worse": 0.1625},
        },
    },
    "judge_pairs": {
        "HC-JUDGE-08": {
            "inside": {"place": 0.13844},
            "outside": {"place": 0.2675},
        },
    },
    "extraction": {
        "HC-PERS-01": {
            "inside": {"wrong": 0.13187},
            "outside": {"wrong": 0.20312},
        },
        "HC-PERS-02": {
            "inside": {"wrong": 0.1675},
            "outside": {"wrong": 0.22687},
        },
        "HC-PERS-03": {
            "inside": {"sensitive": 0.00039},
            "outside": {"sensitive": 0.025},
        },
        "HC-PERS-10": {
            "inside": {"unlearnable": 0.375},
            "outside": {"unlearnable": 0.625},
        },
    },
    "relevance": {
        "HC-PERS-04": {
            "inside": {"blind": 0.2768},
            "outside": {"blind": 0.5225},
        },
        "HC-PERS-05": {
            "inside": {"greedy": 0.07, "blind": 0.17},
            "outside": {"greedy": 0.25765},
        },
    },
    "responses": {
        "HC-PERS-06": {
            "inside": {"worse": 0.27329},
            "outside": {"worse": 0.39469},
        },
        "HC-PERS-07": {
            "inside": {"worse": 0.07312},
            "outside": {"worse": 0.20438},
        },
        "HC-PERS-08": {
            "inside": {"flatters": 0.0625},
            "outside": {"flatters": 0.35938},
        },
        "HC-PERS-09": {
            "inside": {"deaf": 0.60313},
            "outside": {"deaf": 1.05781},
        },
    },
    "source_evaluations": {
        "HC-PERS-11": {
            "inside": {"harder": 0.00625},
            "outside": {"harder": 0.0875},
        },
    },
    "judge_feedback": {
        "HC-PREF-22": {
            "inside": {"odd": 0.07375},
            "outside": {"odd": 0.1975},
        },
    },
}
"""Tables in which one fault is so strong that one control just passes (`inside`), or just fails (`outside`)."""
