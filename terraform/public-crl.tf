# CloudFront in front of the external bucket, for CRLs and CA certificates. A stack that publishes into another stack's
# bucket has none: the other one's serves its files too.
locals {
  distribution = var.public_crl && var.external_s3_bucket_name == ""
}

resource "aws_acm_certificate" "public" {
  count = local.distribution ? 1 : 0

  region                    = "us-east-1" # where CloudFront looks
  domain_name               = var.hosted_zone_domain
  subject_alternative_names = [var.hosted_zone_domain]
  validation_method         = "DNS"
  tags                      = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = toset(local.distribution ? [var.hosted_zone_domain] : [])

  allow_overwrite = true
  zone_id         = var.hosted_zone_id
  name            = local.validations[each.key].resource_record_name
  type            = local.validations[each.key].resource_record_type
  records         = [local.validations[each.key].resource_record_value]
  ttl             = 86400
}

resource "aws_acm_certificate_validation" "public" {
  count = local.distribution ? 1 : 0

  region                  = "us-east-1"
  certificate_arn         = aws_acm_certificate.public[0].arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

locals {
  validations = { for option in flatten([for certificate in aws_acm_certificate.public : tolist(certificate.domain_validation_options)]) : option.domain_name => option }
}

resource "aws_cloudfront_origin_access_control" "public" {
  count = local.distribution ? 1 : 0

  name                              = "${var.project}-crl-${var.env}"
  description                       = "${var.project}-${var.env} CRLs and CA certificates"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# A distribution with access control does not use it. It stays and may read, so that a stack of the original serves its
# CRL without interruption while its distribution changes from one to the other.
resource "aws_cloudfront_origin_access_identity" "public" {
  count = local.distribution ? 1 : 0

  comment = "Reads CRLs of ${var.project}-${var.env}"
}

# A CRL is visible a minute after it was published. Files of the functions have a header that says so; files of the original do not.
resource "aws_cloudfront_cache_policy" "public" {
  count = local.distribution ? 1 : 0

  name        = "${var.project}-crl-${var.env}"
  comment     = "${var.project}-${var.env} CRLs and CA certificates"
  min_ttl     = 0
  default_ttl = 60
  max_ttl     = 60

  parameters_in_cache_key_and_forwarded_to_origin {
    cookies_config {
      cookie_behavior = "none"
    }
    headers_config {
      header_behavior = "none"
    }
    query_strings_config {
      query_string_behavior = "none"
    }
  }

  lifecycle {
    ignore_changes = [name]
  }
}

resource "aws_cloudfront_distribution" "public" {
  count = local.distribution ? 1 : 0

  enabled         = true
  is_ipv6_enabled = true
  comment         = "CRLs and CA certificates of ${var.project}-${var.env}"
  aliases         = [var.hosted_zone_domain]
  price_class     = "PriceClass_200"
  web_acl_id      = var.cloudfront_web_acl_id
  tags            = var.tags

  origin {
    origin_id                = "external-bucket"
    domain_name              = module.external_s3[0].regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.public[0].id
  }

  default_cache_behavior {
    target_origin_id       = "external-bucket"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = aws_cloudfront_cache_policy.public[0].id
    viewer_protocol_policy = "allow-all" # RFC 5280: a CRL is downloaded by http
  }

  restrictions {
    geo_restriction {
      restriction_type = length(var.cloudfront_geo_restricted_locations) == 0 ? "none" : "blacklist"
      locations        = var.cloudfront_geo_restricted_locations
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.public[0].certificate_arn
    minimum_protocol_version = var.cloudfront_minimum_protocol_version
    ssl_support_method       = "sni-only"
  }

  custom_error_response {
    error_code            = 403
    error_caching_min_ttl = 10
  }

  custom_error_response {
    error_code            = 404
    error_caching_min_ttl = 10
  }

  depends_on = [module.external_s3]
}

resource "aws_route53_record" "public" {
  count = local.distribution ? 1 : 0

  zone_id = var.hosted_zone_id
  name    = var.hosted_zone_domain
  type    = "A"

  alias {
    name                   = aws_cloudfront_distribution.public[0].domain_name
    zone_id                = aws_cloudfront_distribution.public[0].hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "public_ipv6" {
  count = local.distribution ? 1 : 0

  zone_id = var.hosted_zone_id
  name    = var.hosted_zone_domain
  type    = "AAAA"

  alias {
    name                   = aws_cloudfront_distribution.public[0].domain_name
    zone_id                = aws_cloudfront_distribution.public[0].hosted_zone_id
    evaluate_target_health = false
  }
}
