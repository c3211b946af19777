"""The Dockerfile, read by the parser of PyPI's dockerfile-parse."""

from dockerfile_parse import DockerfileParser

from support import REPOSITORY

PATH = REPOSITORY / "Dockerfile"


def instructions():
    parser = DockerfileParser(path=str(PATH), cache_content=True)
    return [(entry["instruction"], entry["value"]) for entry in parser.structure
            if entry["instruction"] != "COMMENT"]


def stages():
    """What each stage's instructions say last; FROM begins a stage."""
    stages = []
    for name, value in instructions():
        if name == "FROM":
            stages.append({})
        if stages:
            stages[-1][name] = value
    return stages
