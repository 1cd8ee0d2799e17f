using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServerlessCA.Cli.Tests.Support.Cloud;

/// <summary>Serves STS, and the addresses where containers and instances get their credentials.</summary>
public sealed class IdentityFront
{
    /// <summary>The access key that STS gives to callers who assume a role.</summary>
    public const string AssumedKey = "ASIAOFTHEROLE";

    /// <summary>The access key that STS gives to callers with a token of their cluster.</summary>
    public const string WebIdentityKey = "ASIAOFTHECLUSTER";

    /// <summary>The access key that containers get.</summary>
    public const string ContainerKey = "ASIAOFTHECONTAINER";

    /// <summary>The access key that instances get.</summary>
    public const string InstanceKey = "ASIAOFTHEINSTANCE";

    private const string Session = "IMDSv2 session of the test";

    /// <summary>The account of the caller.</summary>
    public string Account { get; set; } = AwsCa.Account;

    /// <summary>Whether roles may be assumed.</summary>
    public bool MayAssume { get; set; } = true;

    /// <summary>Roles that were assumed.</summary>
    public List<string> Roles { get; } = [];

    /// <summary>Tokens that callers sent.</summary>
    public List<string> Tokens { get; } = [];

    internal void MapTo(WebApplication app)
    {
        app.MapPost("/", AnswerAsync);
        app.MapGet("/container/credentials", context => // AWS SDKs and Tools Reference Guide, container credential provider
        {
            Tokens.Add(context.Request.Headers.Authorization.ToString());
            return context.Response.WriteAsync(Credentials(ContainerKey));
        });

        // EC2 User Guide, "Use the Instance Metadata Service", version 2.
        app.MapPut("/latest/api/token", context =>
        {
            context.Response.Headers["X-aws-ec2-metadata-token-ttl-seconds"] = "21600";
            return context.Response.WriteAsync(Session);
        });
        app.MapGet("/latest/meta-data/iam/{kind}/{role?}", async (HttpContext context, string kind, string? role) =>
        {
            Tokens.Add(context.Request.Headers["X-aws-ec2-metadata-token"].ToString());
            if (kind != "security-credentials")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await context.Response.WriteAsync(string.IsNullOrEmpty(role) ? "web-certificates" : Credentials(InstanceKey));
        });
    }

    // STS API Reference.
    private async Task AnswerAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        string action = form["Action"].ToString();
        if (action.StartsWith("AssumeRole", StringComparison.Ordinal) && !MayAssume)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(
                $"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole on resource: {form["RoleArn"]}</Message></Error></ErrorResponse>");
            return;
        }

        string result = action switch
        {
            "AssumeRole" => Assumed(form, AssumedKey),
            "AssumeRoleWithWebIdentity" => Assumed(form, WebIdentityKey),
            _ => $"<Arn>arn:aws:iam::{Account}:user/operator</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>{Account}</Account>",
        };
        await context.Response.WriteAsync(
            $"""<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{result}</{action}Result></{action}Response>""");
    }

    private string Assumed(IFormCollection form, string key)
    {
        Roles.Add(form["RoleArn"].ToString());
        Tokens.Add(form["WebIdentityToken"].ToString());
        return $"""
            <AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::{Account}:assumed-role/operator/x</Arn></AssumedRoleUser>
            <Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
            """;
    }

    private static string Credentials(string key) =>
        $$"""{"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z", "AccessKeyId": "{{key}}", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}""";
}
