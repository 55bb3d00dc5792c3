"""Which artwork is not for which use: the policy file, and holding what a variant shows to it."""

from artgen.policy.file import check_use, load_policy
from artgen.policy.judging import Shown, guards, judge_use, sentence

__all__ = ["Shown", "check_use", "guards", "judge_use", "load_policy", "sentence"]
