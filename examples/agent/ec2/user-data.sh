#!/bin/bash
# User data of an EC2 instance with nginx (Amazon Linux 2023, Debian, Ubuntu) and the program in /usr/local/bin, such as
# from an image of one's own: docs/install.md. The instance profile has a role that may invoke the CA's function; the
# metadata service may ask for tokens (IMDSv2).
set -euo pipefail

cat > /etc/serverless-ca.env <<'ENVIRONMENT'
SERVERLESS_CA=aws://serverless/prd?account=444455556666&region=eu-west-2
ENVIRONMENT

cat > /etc/systemd/system/serverless-ca-agent.service <<'UNIT'
[Unit]
Description=Certificate of this machine
Documentation=man:serverless-ca(1)
Wants=network-online.target
After=network-online.target

[Service]
EnvironmentFile=/etc/serverless-ca.env
StateDirectory=serverless-ca
StateDirectoryMode=0700
# nginx reads the files as root, before it gives up its rights; it starts with the first certificate.
ExecStart=/usr/local/bin/serverless-ca agent --common-name=web.example.com --purpose=server_auth --out=/var/lib/serverless-ca/certs --listen=9180 -- systemctl reload-or-restart nginx.service
Restart=always
RestartSec=10
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target
UNIT

systemctl daemon-reload
systemctl enable --now serverless-ca-agent.service
