"""Made-up secrets of every kind, put together here so that none stands in this file."""

import random
import string

_DRAW = random.Random(20)
_WORD = string.ascii_letters + string.digits


def drawn(length: int, alphabet: str = _WORD) -> str:
    """Characters drawn at random, the same in every run."""
    return "".join(_DRAW.choice(alphabet) for _ in range(length))


def hexadecimal(length: int) -> str:
    return drawn(length, "0123456789abcdef")


UPPER = string.ascii_uppercase + "234567"

TOKENS = {
    "AWS Access Key": "AKIA" + drawn(16, UPPER),
    "Age Key": "AGE-SECRET-" + "KEY-1" + drawn(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
    "Airtable Token": "pat" + drawn(14) + "." + hexadecimal(64),
    "Alibaba Access Key": "LTAI" + drawn(20),
    "Anthropic Token": "sk-" + "ant-api03-" + drawn(93) + "AA",
    "Artifactory Credentials": "AKC" + "p" + drawn(69),
    "Atlassian Token": "ATATT3x" + "FfGF0" + drawn(170),
    "Azure Credentials": "abc8" + "Q~" + drawn(34),
    "Cloudflare Key": "v1.0-" + hexadecimal(24) + "-" + hexadecimal(146),
    "Databricks Token": "dapi" + hexadecimal(32),
    "DigitalOcean Token": "dop_" + "v1_" + hexadecimal(64),
    "Discord Bot Token": "M" + drawn(23) + "." + drawn(6) + "." + drawn(27),
    "Docker Token": "dckr_" + "pat_" + drawn(27),
    "Doppler Token": "dp.pt." + drawn(43),
    "Dynatrace Token": "dt0c01." + drawn(24, UPPER) + "." + drawn(64, UPPER),
    "EasyPost Token": "EZAK" + drawn(54),
    "Facebook Token": "EAACEdEose0" + "cBA" + drawn(60),
    "Figma Token": "figd_" + drawn(40),
    "Fly.io Token": "fo1_" + drawn(43),
    "GitHub Token": "ghp_" + drawn(36),
    "GitHub Token, fine-grained": "github_" + "pat_" + drawn(22) + "_" + drawn(59),
    "GitLab Token": "glpat-" + drawn(20),
    "Google Credentials": "AIza" + drawn(35),
    "Google Credentials, client": "GOCSPX-" + drawn(28),
    "Google Credentials, session": "ya29." + drawn(80),
    "Google Credentials, refresh": "1//0" + drawn(60),
    "Grafana Token": "glsa_" + drawn(32) + "_" + hexadecimal(8),
    "Groq Token": "gsk_" + drawn(52),
    "Heroku Token": "HRKU-AA" + drawn(58),
    "Hugging Face Token": "hf_" + drawn(34),
    "JSON Web Token": "eyJ" + drawn(30) + "." + "eyJ" + drawn(40) + "." + drawn(43),
    "Linear Token": "lin_" + "api_" + drawn(40),
    "Mailchimp Access Key": hexadecimal(32) + "-us11",
    "Mailgun Key": "key-" + hexadecimal(32),
    "NPM tokens": "npm_" + drawn(36),
    "New Relic Key": "NRAK-" + drawn(27, UPPER),
    "Notion Token": "secret_" + drawn(43),
    "NuGet Key": "oy2" + drawn(43, string.ascii_lowercase + string.digits),
    "OpenAI Token": "sk-" + drawn(20) + "T3Blbk" + "FJ" + drawn(20),
    "OpenAI Token, of a project": "sk-" + "proj-" + drawn(48),
    "Perplexity Token": "pplx-" + drawn(48),
    "PlanetScale Credentials": "pscale_" + "tkn_" + drawn(43),
    "Postman Key": "PMAK-" + hexadecimal(24) + "-" + hexadecimal(34),
    "Pulumi Token": "pul-" + hexadecimal(40),
    "PyPI Token": "pypi-AgEIcHlw" + "aS5vcmc" + drawn(80),
    "Replicate Token": "r8_" + drawn(37),
    "RubyGems Key": "rubygems_" + hexadecimal(48),
    "SendGrid API Key": "SG." + drawn(22) + "." + drawn(43),
    "Sentry Token": "sntrys_" + drawn(80),
    "Shopify Token": "shpat_" + hexadecimal(32),
    "Slack Token": "xoxb-" + "123456789012-1234567890123-" + drawn(24),
    "Slack Token, of an app": "xapp-1-A0123-123456-" + hexadecimal(64),
    "Square OAuth Secret": "sq0csp-" + drawn(43),
    "Stripe Access Key": "sk_" + "live_" + drawn(24),
    "Stripe Access Key, of a webhook": "whsec_" + drawn(32),
    "Supabase Token": "sbp_" + hexadecimal(40),
    "Telegram Bot Token": "110201543:" + drawn(35),
    "Tencent Cloud Key": "AKID" + drawn(32),
    "Terraform Cloud Token": drawn(14) + ".atlasv1." + drawn(67),
    "Twilio API Key": "SK" + hexadecimal(32),
    "Twitter Token": "A" * 22 + drawn(80),
    "Vault Token": "hvs." + drawn(90),
    "crates.io Token": "cio" + drawn(32),
    "xAI Token": "xai-" + drawn(80),
}
"""By kind; what comes after a comma tells two of one kind apart."""

PASSWORD = "hunter2" + "swordfish"
KEY = drawn(6) + "4" + drawn(14) + "7" + drawn(18)
"""Looks random, and is known by nothing else."""
