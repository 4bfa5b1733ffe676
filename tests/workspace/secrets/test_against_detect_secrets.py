"""What detect-secrets finds is found here too: one line for each kind that it knows, which it must find itself."""

import base64
import json

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from tests.workspace.secrets.fakes import PASSWORD, UPPER, drawn, hexadecimal

from codeanvil.workspace.secrets import screen

PLUGINS = get_mapping_from_secret_type_to_class()
NO_SECRETS = {"Public IP (ipv4)"}
JWT = ".".join(
    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
    for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "1234567890"}, "x" * 20)
)

LINES = {
    "AWS Access Key": ("AKIA" + drawn(16, UPPER),) * 2,
    "Artifactory Credentials": (' "AKC' + (key := "p" + drawn(20)) + '"', key),
    "Azure Storage Account access key": ("AccountKey=" + (key := drawn(86) + "=="), key),
    "Base64 High Entropy String": ("'" + (key := drawn(60)) + "'", key),
    "Basic Auth Credentials": (f"https://me:{PASSWORD}@example.org/x", PASSWORD),
    "Cloudant Credentials": ("cloudant_password = '" + (key := hexadecimal(64)) + "'", key),
    "Discord Bot Token": ((key := "M" + drawn(23) + "." + drawn(6) + "." + drawn(27)), key),
    "GitHub Token": ((key := "ghp_" + drawn(36)), key),
    "GitLab Token": ((key := "glpat-" + drawn(20)), key),
    "Hex High Entropy String": ("'" + (key := hexadecimal(40)) + "'", key),
    "IBM Cloud IAM Key": ("ibm_cloud_iam_key = '" + (key := drawn(44)) + "'", key),
    "IBM COS HMAC Credentials": ("cos_hmac_secret_access_key = '" + (key := hexadecimal(48)) + "'", key),
    "JSON Web Token": (JWT, JWT),
    "Mailchimp Access Key": ((key := hexadecimal(32) + "-us11"), key),
    "NPM tokens": ("//registry.example/:_authToken=" + (key := "npm_" + drawn(36)), key),
    "OpenAI Token": ((key := "sk-" + drawn(20) + "T3Blbk" + "FJ" + drawn(20)), key),
    "Private Key": ("-----BEGIN RSA " + "PRIVATE KEY-----\n" + (key := drawn(64)) + "\n-----END RSA", key),
    "PyPI Token": ((key := "pypi-AgEIcHlw" + "aS5vcmc" + drawn(80)), key),
    "Secret Keyword": (f'db_pass = "{PASSWORD}"', PASSWORD),
    "SendGrid API Key": ((key := "SG." + drawn(22) + "." + drawn(43)), key),
    "Slack Token": ((key := "xoxb-" + "123456789012-" + drawn(24).lower()), key),
    "SoftLayer Credentials": ("softlayer_api_key = '" + (key := hexadecimal(64)) + "'", key),
    "Square OAuth Secret": ((key := "sq0csp-" + drawn(43)), key),
    "Stripe Access Key": ((key := "sk_" + "live_" + drawn(24)), key),
    "Telegram Bot Token": ((key := "110201543:" + drawn(35)), key),
    "Twilio API Key": ((key := "SK" + hexadecimal(32)), key),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(set(PLUGINS) - NO_SECRETS))
def test_whatever_it_knows_is_taken_out(kind: str) -> None:
    line, secret = LINES[kind]
    plugin = PLUGINS[kind]()
    assert any(plugin.analyze_line("app.py", part, 1) for part in line.split("\n")), "no example of this kind"
    assert secret not in screen("app.py", line).text
