namespace ServerlessCA.Server.Tests.Sdks;

/// <summary>Sets the environment of Debian's AWS clients: no personal settings, and no network but the
/// server.</summary>
public static class SdkEnvironment
{
    public const string Python = "/usr/bin/python3";

    /// <summary>Debian's program; another one where it is missing.</summary>
    public static string AwsCli => File.Exists("/usr/bin/aws") ? "/usr/bin/aws" : "aws";

    /// <summary>Returns variables with credentials.</summary>
    public static Dictionary<string, string> Variables(RunningServer server, string keyId, string secret, string? authorities = null)
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = keyId,
            ["AWS_SECRET_ACCESS_KEY"] = secret,
            ["AWS_DEFAULT_REGION"] = "eu-west-2",
            ["AWS_ENDPOINT_URL_LAMBDA"] = server.Server.Url,
            ["AWS_CONFIG_FILE"] = "/dev/null",
            ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_MAX_ATTEMPTS"] = "1",
            ["AWS_PAGER"] = "",
            ["NO_PROXY"] = "*",
        };
        if (authorities is not null)
        {
            variables["AWS_CA_BUNDLE"] = authorities;
        }

        return variables;
    }
}
