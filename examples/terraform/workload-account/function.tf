# A function that presents a certificate to others: examples/agent/lambda.
data "archive_file" "function" {
  count = var.layer_zip == null ? 0 : 1

  type        = "zip"
  source_dir  = "${path.module}/../../agent/lambda"
  output_path = "${path.module}/function.zip"
}

resource "aws_lambda_layer_version" "command_line" {
  count = var.layer_zip == null ? 0 : 1

  layer_name               = "serverless-ca"
  filename                 = var.layer_zip
  compatible_architectures = ["x86_64"]
}

resource "aws_lambda_function" "client" {
  count = var.layer_zip == null ? 0 : 1

  function_name    = "web-client"
  role             = aws_iam_role.workload["lambda"].arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = data.archive_file.function[0].output_path
  source_code_hash = data.archive_file.function[0].output_base64sha256
  layers           = [aws_lambda_layer_version.command_line[0].arn]
  memory_size      = 256
  timeout          = 60

  environment {
    variables = {
      SERVERLESS_CA = "aws://serverless/prd?function=${var.tls_cert_function_arn}"
      COMMON_NAME   = "web-client.example.com"
      TARGET_URL    = "https://partner.example.com/"
    }
  }
}
