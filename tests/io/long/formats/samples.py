"""A small file of every format, as its tool writes it; every adapter's laws are shown on them."""

import csv
import io
import json
import zipfile


def lines(*records: object) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in records).encode()


def document(whole: object) -> bytes:
    return json.dumps(whole, indent=1).encode()


def table(*rows: dict[str, str]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def archive(**members: object) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, whole in members.items():
            file.writestr(name.replace("__", "/") + ".json", json.dumps(whole))
    return written.getvalue()


ARGILLA = {
    "id": "7",
    "status": "completed",
    "_server_id": "9a",
    "text": "A text.",
    "language": "en",
    "tone.responses": ["kind", "rude", None],
    "tone.responses.users": ["u1", "u2", "u3"],
    "tone.responses.status": ["submitted", "discarded", "draft"],
    "tone.suggestion": "kind",
    "tone.suggestion.score": 0.9,
    "tone.suggestion.agent": "model-1",
    "topics.responses": [["b", "a"], []],
    "topics.responses.users": ["u1", "u2"],
    "topics.responses.status": ["submitted", "submitted"],
}
ARGILLA_NESTED = {
    "id": "7",
    "fields": {"text": "A text."},
    "metadata": {"language": "en"},
    "suggestions": {"tone": {"value": "kind", "score": None, "agent": "model-1"}},
    "responses": {"tone": [{"value": "kind", "user_id": "u1"}, {"value": "rude", "user_id": "u2"}]},
    "vectors": {},
    "status": "completed",
}


def studio_result(name: str, kind: str, **value: object) -> dict[str, object]:
    return {"id": "r", "from_name": name, "to_name": "text", "type": kind, "value": value}


STUDIO = {
    "id": 1,
    "data": {"text": "A text.", "language": "en"},
    "annotations": [
        {
            "id": 1001,
            "completed_by": 10,
            "result": [studio_result("tone", "choices", choices=["kind"])],
            "was_cancelled": False,
            "ground_truth": False,
            "created_at": "2021-03-09T22:16:08.728353Z",
            "lead_time": 4.288,
        },
        {
            "id": 1002,
            "completed_by": {"id": 11, "email": "x@example.org"},
            "result": [
                studio_result("tone", "choices", choices=["rude"]),
                studio_result("stars", "rating", rating=4),
                studio_result("why", "textarea", text=["because", "so"]),
                studio_result("box", "rectanglelabels", x=1, rectanglelabels=["cat"]),
            ],
            "was_cancelled": False,
            "ground_truth": False,
            "created_at": "2021-03-09T22:20:08Z",
            "lead_time": 9.5,
        },
        {
            "id": 1003,
            "completed_by": 12,
            "result": [studio_result("tone", "choices", choices=["kind"])],
            "was_cancelled": False,
            "ground_truth": True,
            "lead_time": 3,
        },
        {"id": 1004, "completed_by": 13, "result": [], "was_cancelled": True, "ground_truth": False},
    ],
    "predictions": [
        {"model_version": "m1", "score": 0.8, "result": [studio_result("tone", "choices", choices=["kind"])]}
    ],
}
DICES = {
    "id": "1",
    "rater_id": "296",
    "rater_gender": "Woman",
    "rater_race": "Latine",
    "item_id": "0",
    "answer_time_ms": "55000",
    "answer_timestamp": "1660000000",
    "degree_of_harm": "Moderate",
    "safety_gold": "Yes",
    "Q1_whole_conversation_evaluation": "",
    "Q2_harmful_content_overall": "Unsure",
    "Q_overall": "No",
}
SURVEY = {
    "user_id": "user0",
    "consent": "Yes, I consent to take part",
    "age": "18-24 years old",
    "gender": "Prefer not to say",
    "study_locale": "uk",
    "self_description": "a free text",
    "ethnicity": {"self_described": "free", "categorised": "Other", "simplified": "Other"},
    "location": {"birth_country": "Kenya", "reside_country": None},
}


def utterance(within: int, score: float | None, model: str) -> dict[str, object]:
    return {
        "utterance_id": f"ut{within}",
        "interaction_id": "int1",
        "conversation_id": "c1",
        "user_id": "user0",
        "turn": 0,
        "within_turn_id": within,
        "conversation_type": "unguided",
        "user_prompt": "Why?",
        "model_response": f"{model} says",
        "model_name": model,
        "score": score,
        "if_chosen": False,
    }


LEWIDI = {
    "2": {
        "annotation task": "irony detection",
        "text": {"post": "p", "reply": "r"},
        "annotators": "Ann0,Ann20",
        "number of annotations": 2,
        "annotations": {"Ann0": "0", "Ann20": "1"},
        "lang": "en",
        "split": "dev",
        "other_info": {"source": "reddit"},
    }
}
LEWIDI_2023 = {
    "1": {
        "text": "t",
        "annotation task": "abusivness detection",
        "annotations": "1,0",
        "annotators": "Ann2,Ann3",
        "lang": "en",
        "split": "dev",
        "other_info": {"other_annotations": {"sexist": "0,1"}},
    }
}
PEOPLE = {
    "Ann0": {"Gender": "Female", "Age": "56"},
    "Ann1": {"Gender": "CONSENT_REVOKED", "Age": "CONSENT_REVOKED"},
    "Ann2": {"Gender": "Prefer not to say", "Age": "DATA_EXPIRED"},
    "Ann3": {"Gender": "nan", "Age": "Other"},
}
POPQUORN = {
    "instance_id": "530",
    "user_id": "0.0",
    "text": "t",
    "offensiveness": "1.0",
    "gender": "Man",
    "race": "White",
    "age": "35-39",
}
TRL = {"prompt": "Why?", "chosen": "So.", "rejected": "No.", "annotator": "w1", "topic": "x"}
UNPAIRED = {"prompt": "Why?", "completion": "So.", "label": True}
HH = {
    "chosen": "\n\nHuman: Hi\n\nAssistant: Yes, hello.",
    "rejected": "\n\nHuman: Hi\n\nAssistant: Yes.",
}
ARENA = {
    "question_id": "q1",
    "model_a": "m1",
    "model_b": "m2",
    "winner": "tie (bothbad)",
    "judge": "arena_user_973",
    "conversation_a": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "A"}],
    "conversation_b": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "B"}],
    "language": "English",
    "tstamp": 1682351591.1,
}
ARENA_WIDE = {
    "id": "1",
    "model_a": "m1",
    "model_b": "m2",
    "prompt": '["Hi","And?"]',
    "response_a": '["A",null]',
    "response_b": '["B","C"]',
    "winner_model_a": "0",
    "winner_model_b": "1",
    "winner_tie": "0",
}
AUTOJ = {"scenario": "s", "label": 1, "prompt": "Why?", "response 1": "So.", "response 2": "No."}


def hhh(answer: str, asked: str = "Why?") -> str:
    return (
        f"###Task Description:\nA task.\n\n###The instruction to evaluate:\n{asked}\n\n"
        f"###Response to evaluate:\n{answer}\n\n###Score Rubrics:\n[Is it?]\n"
    )


HHH = {"source": "honest", "chosen_instruction": hhh("So."), "rejected_instruction": hhh("No.")}
JUDGE_BENCH = {
    "dataset": "d",
    "dataset_url": "u",
    "annotations": [{"metric": "fluency", "category": "graded", "worst": 1, "best": 5}],
    "instances": [
        {
            "id": 1,
            "instance": "i",
            "annotations": {
                "fluency": {"mean_human": 3.5, "individual_human_scores": [3, 4.0]},
                "toxicity": {"majority_human": "0", "individual_human_scores": []},
            },
        }
    ],
}
LLMBAR = {
    "input": "i",
    "output_1": "o1",
    "output_2": "o2",
    "label": 1,
    "results": [
        {"swap = False": {"winner": "2"}, "swap = True": {"winner": "1"}},
        {"swap = False": {"winner": "1"}, "swap = True": {"winner": "2"}},
    ],
}
JUDGEBENCH = {
    "pair_id": "p1",
    "source": "mmlu",
    "question": "q",
    "response_model": "gpt-4o",
    "response_A": "a",
    "response_B": "b",
    "label": "A>B",
    "judge_name": "reward_model",
    "judgments": [
        {"judgment": {"judge_model": "j"}, "decision": "A>B"},
        {"judgment": {"judge_model": "j"}, "decision": "A>B"},
    ],
}
ALPACA = {
    "instruction": "Why?",
    "output_1": "o1",
    "generator_1": "g1",
    "dataset": "koala",
    "output_2": "o2",
    "generator_2": "g2",
    "annotator": "alpaca_eval_gpt4",
    "preference": 2.0,
}
CROWS = {
    "": "0",
    "sent_more": "m",
    "sent_less": "l",
    "stereo_antistereo": "stereo",
    "bias_type": "age",
    "annotations": "[['age', 'gender'], []]",
    "anon_writer": "a0",
    "anon_annotators": "['a1', 'a2']",
}
INSPECT = {
    "version": 2,
    "status": "success",
    "eval": {"task": "t", "model": "openai/m"},
    "samples": [
        {
            "id": 1,
            "epoch": 1,
            "input": "i",
            "target": "t",
            "scores": {"match": {"value": "C"}, "rubric": {"value": {"tone": 3, "facts": 0.5}}},
            "metadata": {"language": "en"},
        },
        {"id": 2, "epoch": 1, "error": {"message": "boom"}},
    ],
}
LM_EVAL = {
    "doc_id": 0,
    "doc": {},
    "target": "1",
    "arguments": {},
    "resps": [[["-1.0", "False"]]],
    "filtered_resps": [["-1.0", "False"]],
    "filter": "none",
    "metrics": ["acc", "acc_norm"],
    "acc": 1.0,
    "acc_norm": 0.0,
    "doc_hash": "x",
}

SAMPLES: dict[str, tuple[tuple[str, bytes], ...]] = {
    "alpaca-eval": (("annotations.json", document([ALPACA])),),
    "arena": (("arena.json", lines(ARENA)), ("arena.csv", table(ARENA_WIDE))),
    "argilla": (("records.json", document([ARGILLA])), ("records.json", document([ARGILLA_NESTED]))),
    "crows-pairs": (("crows.csv", table(CROWS)),),
    "dices": (("dices.csv", table(DICES)),),
    "hh-rlhf": (("test.jsonl", lines(HH)),),
    "inspect": (
        ("log.json", document(INSPECT)),
        (
            "log.eval",
            archive(
                header={key: value for key, value in INSPECT.items() if key != "samples"},
                samples__1_epoch_1=INSPECT["samples"][0],
            ),
        ),
    ),
    "judge-bench": (("d.json", document(JUDGE_BENCH)),),
    "judgebench": (("o.jsonl", lines(JUDGEBENCH)),),
    "label-studio": (("export.json", document([STUDIO])),),
    "lewidi": (
        ("dev.json", document(LEWIDI)),
        ("dev.json", document(LEWIDI_2023)),
        ("people.json", document(PEOPLE)),
    ),
    "llmbar": (("result.json", document([LLMBAR])),),
    "lm-eval": (("samples_t.jsonl", lines(LM_EVAL)),),
    "popquorn": (("raw_data.csv", table(POPQUORN)),),
    "prism": (
        ("survey.jsonl", lines(SURVEY)),
        ("utterances.jsonl", lines(*(utterance(k, s, f"m{k}") for k, s in enumerate((90, 10, 90.0))))),
    ),
    "prometheus": (("autoj.json", lines(AUTOJ)), ("hhh.json", document([HHH]))),
    "trl": (("pairs.jsonl", lines(TRL)), ("unpaired.jsonl", lines(UNPAIRED))),
}
EACH = [(name, file, data) for name, files in SAMPLES.items() for file, data in files]
