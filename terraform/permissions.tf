# What each function's role may do besides logging and tracing. A transaction of DynamoDB needs the permissions of what
# it consists of.
locals {
  tables = [aws_dynamodb_table.ca.arn, aws_dynamodb_table.index.arn]

  may_list_buckets = { for name, arns in {
    external = [local.external_bucket.arn]
    internal = [module.internal_s3.arn]
    both     = [local.external_bucket.arn, module.internal_s3.arn]
    } : name => [{
      Sid      = "MissingIsNotForbidden" # without it S3 does not tell one from the other
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = arns
  }] }

  may_publish_files = { for name, files in {
    create-root-ca    = ["${module.names.root_ca}.crt", "${module.names.root_ca}.cer"]
    create-issuing-ca = ["${module.names.issuing_ca}.crt", "${module.names.issuing_ca}.cer", module.names.bundle_file]
    root-ca-crl       = ["${module.names.root_ca}.crl", "${module.names.root_ca}.crl.pem"]
    issuing-ca-crl    = ["${module.names.issuing_ca}.crl", "${module.names.issuing_ca}.crl.pem"]
    } : name => [{
      Sid      = "PublishFiles"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = [for file in files : "${local.external_bucket.arn}/${file}"]
  }] }

  may_read_files = { for name, files in {
    root-ca-crl    = ["revoked-root-ca.json"]
    issuing-ca-crl = ["revoked.json"]
    tls-cert       = ["tls.json", "csrs/*"]
    expiry         = ["tls.json", "csrs/*"]
    } : name => [{
      Sid      = "ReadFiles"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = [for file in files : "${module.internal_s3.arn}/${file}"]
  }] }

  # The stack's own key in any case: whatever the bucket uses now, files may be there from before. And the key that an
  # alias names, whichever it is: IAM knows no aliases as resources.
  bucket_keys = concat(
    [{ sid = "", resource = aws_kms_key.tls_keygen.arn, alias = {} }],
    local.bucket_key_alias == null ? [] : [{
      sid      = "ByAlias"
      resource = "arn:${local.partition}:kms:${local.region}:${local.account}:key/*"
      alias    = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = local.bucket_key_alias } }
    }],
  )
  may_use_bucket_keys = { for use, action in { Decrypt = "kms:Decrypt", Encrypt = "kms:GenerateDataKey" } : use => [for key in local.bucket_keys : {
    Sid       = "${use}Files${key.sid}"
    Effect    = "Allow"
    Action    = action
    Resource  = key.resource
    Condition = merge({ StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }, key.alias)
  }] }

  # A copy of every CRL is kept in the internal bucket before it is published.
  may_copy_crl = { for name, ca in { root-ca-crl = module.names.root_ca, issuing-ca-crl = module.names.issuing_ca } : name => [{
    Sid      = "CopyCrl"
    Effect   = "Allow"
    Action   = ["s3:GetObject", "s3:PutObject"]
    Resource = "${module.internal_s3.arn}/crl/${ca}.crl"
  }] }

  # DynamoDB uses the tables' key in the name of the caller.
  may_use_tables_key = [{
    Sid       = "TablesKey"
    Effect    = "Allow"
    Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    Resource  = local.resource_key
    Condition = { StringEquals = { "kms:ViaService" = "dynamodb.${local.region}.${data.aws_partition.current.dns_suffix}" } }
  }]

  may_read_rows = concat(local.may_use_tables_key, [{
    Sid      = "ReadRows"
    Effect   = "Allow"
    Action   = ["dynamodb:GetItem", "dynamodb:Query"]
    Resource = local.tables
  }])

  may_publish_events = [
    {
      Sid      = "PublishEvents"
      Effect   = "Allow"
      Action   = "sns:Publish"
      Resource = aws_sns_topic.notifications.arn
    },
    {
      Sid       = "TopicKey"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = local.resource_key
      Condition = { StringEquals = { "kms:ViaService" = "sns.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    },
  ]

  # Events and the history are stored together with the work that they are about. An event leaves the outbox after its delivery; the
  # history stays.
  may_keep_events = [{
    Sid      = "KeepEvents"
    Effect   = "Allow"
    Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    Resource = aws_dynamodb_table.index.arn
  }]
  may_deliver_kept_events = [
    {
      Sid      = "FindKeptEvents"
      Effect   = "Allow"
      Action   = "dynamodb:Query"
      Resource = "${aws_dynamodb_table.index.arn}/index/Pending"
    },
    {
      Sid      = "ReadKeptEvents"
      Effect   = "Allow"
      Action   = "dynamodb:BatchGetItem"
      Resource = aws_dynamodb_table.index.arn
    },
  ]

  # Only the functions that create CAs, revoke them and count their CRLs may write the rows of CAs.
  may_not_write = { for rows, names in {
    cas     = [module.names.root_ca, module.names.issuing_ca]
    root    = [module.names.root_ca]
    issuing = [module.names.issuing_ca]
    } : rows => [{
      Sid    = "RowsOfCas"
      Effect = "Deny"
      Action = [
        "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate", "dynamodb:PutItem", "dynamodb:UpdateItem",
      ]
      Resource  = aws_dynamodb_table.ca.arn
      Condition = { "ForAnyValue:StringEquals" = { "dynamodb:LeadingKeys" = names } }
  }] }
  may_revoke = [
    {
      Sid      = "RevokeAndCount"
      Effect   = "Allow"
      Action   = "dynamodb:UpdateItem"
      Resource = aws_dynamodb_table.ca.arn
    },
    {
      Sid      = "RememberRevoked" # in the reservations of keys
      Effect   = "Allow"
      Action   = "dynamodb:PutItem"
      Resource = aws_dynamodb_table.index.arn
    },
    {
      Sid      = "FindBySerial"
      Effect   = "Allow"
      Action   = "dynamodb:Query"
      Resource = "${aws_dynamodb_table.ca.arn}/index/Serials"
    },
    {
      Sid      = "ListRevoked"
      Effect   = "Allow"
      Action   = "dynamodb:Scan"
      Resource = "${aws_dynamodb_table.ca.arn}/index/Revoked"
    },
  ]

  function_statements = {
    create-root-ca = concat(
      local.may_create_ca.create-root-ca, local.may_not_write.issuing, local.may_read_rows,
      local.may_publish_files.create-root-ca, local.may_list_buckets.external,
    )
    create-issuing-ca = concat(
      local.may_create_ca.create-issuing-ca, local.may_not_write.root, local.may_read_rows,
      local.may_publish_files.create-issuing-ca, local.may_list_buckets.external,
    )
    root-ca-crl = concat(
      local.may_sign.root, local.may_read_rows, local.may_revoke, local.may_publish_files.root-ca-crl,
      local.may_read_files.root-ca-crl, local.may_copy_crl.root-ca-crl, local.may_use_bucket_keys.Decrypt,
      local.may_use_bucket_keys.Encrypt, local.may_list_buckets.both, local.may_keep_events, local.may_publish_events,
    )
    issuing-ca-crl = concat(
      local.may_sign.issuing, local.may_read_rows, local.may_revoke, local.may_not_write.root,
      local.may_publish_files.issuing-ca-crl, local.may_read_files.issuing-ca-crl, local.may_copy_crl.issuing-ca-crl,
      local.may_use_bucket_keys.Decrypt, local.may_use_bucket_keys.Encrypt, local.may_list_buckets.both,
      local.may_keep_events, local.may_deliver_kept_events, local.may_publish_events,
    )
    tls-cert = concat(
      local.may_sign.issuing, local.may_read_rows,
      [{
        Sid      = "AddCertificate"
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = aws_dynamodb_table.ca.arn
      }],
      local.may_not_write.cas, local.may_keep_events, local.may_read_files.tls-cert, local.may_use_bucket_keys.Decrypt,
      local.may_list_buckets.internal, local.may_publish_events,
    )
    expiry = concat(
      local.may_read_rows,
      [
        {
          Sid      = "NoteReminders"
          Effect   = "Allow"
          Action   = "dynamodb:UpdateItem"
          Resource = aws_dynamodb_table.ca.arn
        },
        {
          Sid      = "ListDue"
          Effect   = "Allow"
          Action   = ["dynamodb:Query", "dynamodb:Scan"]
          Resource = "${aws_dynamodb_table.ca.arn}/index/Reminders"
        },
      ],
      local.may_not_write.cas, local.may_keep_events, local.may_deliver_kept_events, local.may_read_files.expiry,
      local.may_use_bucket_keys.Decrypt, local.may_list_buckets.internal, local.may_publish_events,
    )
    notify = [
      {
        Sid      = "ReadToken"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = one(aws_secretsmanager_secret.slack[*].arn)
      },
      {
        Sid       = "TokenKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = local.resource_key
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}" } }
      },
      {
        Sid      = "NameAccount" # knows no resources
        Effect   = "Allow"
        Action   = "iam:ListAccountAliases"
        Resource = "*"
      },
    ]
  }
}
