resource "aws_dynamodb_table" "ca" {
  name                        = module.names.table
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "CommonName"
  range_key                   = "SerialNumber"
  deletion_protection_enabled = var.dynamodb_deletion_protection

  attribute {
    name = "CommonName"
    type = "S"
  }

  attribute {
    name = "SerialNumber"
    type = "S"
  }

  attribute {
    name = "Revoked"
    type = "S"
  }

  attribute {
    name = "ReminderDay"
    type = "S"
  }

  attribute {
    name = "ExpiryMonth"
    type = "S"
  }

  attribute {
    name = "Expires"
    type = "S"
  }

  # Sparse: a row is in an index only while it has the attribute. The day of reminding has a shard behind it.
  global_secondary_index {
    name            = "Revoked"
    hash_key        = "CommonName"
    range_key       = "Revoked"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "Reminders"
    hash_key        = "ReminderDay"
    range_key       = "SerialNumber"
    projection_type = "ALL"
  }

  # Every row has a serial number: the index fills itself, also with old rows.
  global_secondary_index {
    name            = "Serials"
    hash_key        = "SerialNumber"
    projection_type = "KEYS_ONLY"
  }

  # Every row that the functions write, and old ones that 'serverless-ca migrate' has added, with what a list shows.
  global_secondary_index {
    name               = "Expiries"
    hash_key           = "ExpiryMonth"
    range_key          = "Expires"
    projection_type    = "INCLUDE"
    non_key_attributes = ["CRLNumber", "IssuerKeyId", "Issued", "RevocationReason", "Revoked", "Source"]
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = local.resource_key
  }

  tags = merge({ Name = "${var.project}-ca-${var.env}" }, var.tags, var.additional_dynamodb_tags)

  lifecycle {
    # Certificates stay in their table, even if the rule for its name has changed; the functions get its name as a setting.
    ignore_changes = [name]
  }
}

# Reservations of what may be used once (keys, names, tokens), the outbox, and the history.
resource "aws_dynamodb_table" "index" {
  name                        = module.names.index_table
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "Id"
  deletion_protection_enabled = var.dynamodb_deletion_protection

  attribute {
    name = "Id"
    type = "S"
  }

  attribute {
    name = "PendingShard"
    type = "S"
  }

  attribute {
    name = "KeptAt"
    type = "S"
  }

  attribute {
    name = "HistoryOf"
    type = "S"
  }

  attribute {
    name = "HistoryDay"
    type = "S"
  }

  attribute {
    name = "HistoryAt"
    type = "S"
  }

  global_secondary_index {
    name            = "Pending"
    hash_key        = "PendingShard"
    range_key       = "KeptAt"
    projection_type = "KEYS_ONLY"
  }

  # What happened under one name, and on one day.
  global_secondary_index {
    name            = "History"
    hash_key        = "HistoryOf"
    range_key       = "HistoryAt"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "HistoryDays"
    hash_key        = "HistoryDay"
    range_key       = "HistoryAt"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "ExpiresAt"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = local.resource_key
  }

  tags = merge({ Name = "${var.project}-index-${var.env}" }, var.tags, var.additional_dynamodb_tags)

  lifecycle {
    ignore_changes = [name]
  }
}
