# Who may use CA keys, and how: the functions sign only with the algorithm of the key's spec, and send
# digests (EC and RSA) or the external mu of ML-DSA, never content (src/ServerlessCA.Aws/Kms/KmsKeys.cs).
locals {
  signing_algorithms = {
    RSA_2048      = "RSASSA_PKCS1_V1_5_SHA_256"
    RSA_3072      = "RSASSA_PKCS1_V1_5_SHA_256"
    RSA_4096      = "RSASSA_PKCS1_V1_5_SHA_256"
    ECC_NIST_P256 = "ECDSA_SHA_256"
    ECC_NIST_P384 = "ECDSA_SHA_384"
    ECC_NIST_P521 = "ECDSA_SHA_512"
    ML_DSA_44     = "ML_DSA_SHAKE_256"
    ML_DSA_65     = "ML_DSA_SHAKE_256"
    ML_DSA_87     = "ML_DSA_SHAKE_256"
  }

  signing = { for ca, spec in { root = var.root_ca_key_spec, issuing = var.issuing_ca_key_spec } : ca => {
    "kms:MessageType"      = startswith(spec, "ML_DSA_") ? "EXTERNAL_MU" : "DIGEST"
    "kms:SigningAlgorithm" = local.signing_algorithms[spec]
  } }

  may_read_public_key = { for ca, key in { root = aws_kms_key.root_ca.arn, issuing = aws_kms_key.issuing_ca.arn } : ca => [{
    Sid      = "ReadPublicKey"
    Effect   = "Allow"
    Action   = "kms:GetPublicKey"
    Resource = key
  }] }

  may_sign = { for ca, key in { root = aws_kms_key.root_ca.arn, issuing = aws_kms_key.issuing_ca.arn } : ca => concat(
    local.may_read_public_key[ca],
    [{
      Sid       = "Sign"
      Effect    = "Allow"
      Action    = "kms:Sign"
      Resource  = key
      Condition = { StringEquals = local.signing[ca] }
    }],
  ) }

  # What creating a CA takes. Once both are there, nothing of it is needed: the functions read the rows and see to the
  # published files.
  may_create_ca = { for name, statements in {
    create-root-ca = local.may_sign.root
    create-issuing-ca = concat(local.may_sign.root, [{
      Sid      = "ReadIssuingPublicKey"
      Effect   = "Allow"
      Action   = "kms:GetPublicKey"
      Resource = aws_kms_key.issuing_ca.arn
    }])
    } : name => [for statement in concat(statements, [
      {
        Sid      = "AddCa"
        Effect   = "Allow"
        Action   = "dynamodb:PutItem"
        Resource = local.tables
      },
      {
        Sid      = "SeeWhetherTableIsEmpty" # then the index of expiries has every row from the beginning
        Effect   = "Allow"
        Action   = "dynamodb:Scan"
        Resource = aws_dynamodb_table.ca.arn
      },
  ]) : statement if var.ca_creation] }
}
