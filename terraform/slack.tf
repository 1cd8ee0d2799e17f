resource "aws_secretsmanager_secret" "slack" {
  count = local.slack ? 1 : 0

  name                    = "${lower(var.project)}-slack-token-${lower(var.env)}"
  description             = "Slack token of ${var.project}-${var.env}"
  kms_key_id              = local.resource_key
  recovery_window_in_days = var.secret_recovery_window_in_days
  tags                    = var.tags

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_secretsmanager_secret_version" "given" {
  count = local.slack && nonsensitive(var.slack_token != "") ? 1 : 0

  secret_id     = aws_secretsmanager_secret.slack[0].id
  secret_string = var.slack_token
}

# To be overwritten by hand; until then notify says that the token is malformed.
resource "aws_secretsmanager_secret_version" "by_hand" {
  count = local.slack && nonsensitive(var.slack_token == "") ? 1 : 0

  secret_id     = aws_secretsmanager_secret.slack[0].id
  secret_string = "put the token here"

  lifecycle {
    ignore_changes = [secret_string]
  }
}

resource "aws_lambda_permission" "slack" {
  count = local.slack ? 1 : 0

  action        = "lambda:InvokeFunction"
  function_name = module.function["notify"].name
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.notifications.arn
}
