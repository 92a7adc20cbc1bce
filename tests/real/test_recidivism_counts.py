"""The counts of the recidivism example are those of the public file."""

import importlib.util

from hcgov.io.data import data_path


def test_counting_the_public_file_again_gives_the_counts_of_the_example(real_data):
    example = data_path("examples", "recidivism")
    spec = importlib.util.spec_from_file_location("recount", example / "recount.py")
    recount = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recount)
    public = real_data / "compas-propublica" / "compas-scores-two-years.csv"
    with public.open(encoding="utf-8", newline="") as file:
        again = recount.recount(file)
    assert again == (example / "data" / "counts.csv").read_text(encoding="utf-8")
