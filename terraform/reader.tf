# For principals of other accounts: reads the table of certificates, and the history.
resource "aws_iam_role" "reader" {
  count = length(var.aws_principals) > 0 ? 1 : 0

  name = "${var.project}-db-reader-${var.env}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.aws_principals }
      Action    = "sts:AssumeRole"
    }]
  })
  tags = var.tags

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_iam_role_policy" "reader" {
  count = length(var.aws_principals) > 0 ? 1 : 0

  name = "${var.project}-db-reader-${var.env}"
  role = aws_iam_role.reader[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadCertificates"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"]
        Resource = [aws_dynamodb_table.ca.arn, "${aws_dynamodb_table.ca.arn}/index/Serials", "${aws_dynamodb_table.ca.arn}/index/Expiries"]
      },
      {
        Sid       = "SeeWhetherListsAreComplete"
        Effect    = "Allow"
        Action    = "dynamodb:GetItem"
        Resource  = aws_dynamodb_table.index.arn
        Condition = { "ForAnyValue:StringEquals" = { "dynamodb:LeadingKeys" = ["mark#expiries"] } }
      },
      {
        Sid      = "ReadHistory"
        Effect   = "Allow"
        Action   = "dynamodb:Query"
        Resource = ["${aws_dynamodb_table.index.arn}/index/History", "${aws_dynamodb_table.index.arn}/index/HistoryDays"]
      },
      {
        Sid       = "TableKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = local.resource_key
        Condition = { StringEquals = { "kms:ViaService" = "dynamodb.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
    ]
  })

  lifecycle {
    ignore_changes = [name]
  }
}
