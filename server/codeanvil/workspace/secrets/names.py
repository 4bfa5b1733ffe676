"""Files that are for secrets by their name: keys, credential stores, `.env`."""

import re

_FILES = re.compile(
    r"""\.env(\..+)? | .+\.(env|pem|key|p8|p12|pfx|jks|bks|keystore|kdbx?|ppk|asc|gpg|ovpn|tfstate|tfvars|kubeconfig)
    | id_(rsa|dsa|ecdsa|ed25519)(_sk)?(\.pub)? | \.?(netrc|pgpass|npmrc|pypirc|htpasswd|git-credentials|dockercfg)
    | \.(boto|s3cfg|vault-token|terraformrc|my\.cnf) | kubeconfig | local\.settings\.json
    | (aws_)?credentials(\.(json|ya?ml|toml|ini|csv|properties))? | (client_)?secrets?\.(json|ya?ml|toml|ini|properties)
    | service[-_]account.*\.json""",
    re.VERBOSE | re.IGNORECASE,
)
_FOLDERS = frozenset({".ssh", ".gnupg", ".aws"})


def is_secret_file(path: str) -> bool:
    """Whether a file (relative, '/') is for secrets by its name or by the folder it lies in."""
    *folders, name = path.split("/")
    return _FILES.fullmatch(name) is not None or not _FOLDERS.isdisjoint(folders)
