using Amazon.Runtime;
using ServerlessCA.Aws;
using ServerlessCA.Cli.Options;

namespace ServerlessCA.Cli.Cloud;

/// <summary>Opens the way to AWS as a location and the variables name it.</summary>
internal static class CloudSession
{
    private const string ProfileVariable = "AWS_PROFILE";

    /// <summary>Opens it and has credentials made.</summary>
    /// <param name="location">Which CA.</param>
    /// <param name="here">Variables.</param>
    /// <param name="credentials">Of a role that was taken on; null: the caller's own.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="CommandFault">There is no such profile, no region, or no login.</exception>
    public static async Task<AwsSession> OpenAsync(
        Location.Aws location, Surroundings here, AWSCredentials? credentials, CancellationToken cancellation)
    {
        CredentialTypes.Keep();
        AwsSession session = Open(location, here, credentials);
        try
        {
            await session.ProveCredentialsAsync(cancellation);
            return session;
        }
        catch (SessionUnusableException fault)
        {
            session.Dispose();
            throw CommandFault.Fault(Phrase(fault.Problem), Phrase(fault.Advice), fault);
        }
    }

    /// <summary>A sentence as our messages write them.</summary>
    public static string Phrase(string sentence)
    {
        bool isWord = sentence is [_, not (>= 'A' and <= 'Z'), ..]; // AWS_REGION stays
        return (isWord ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence).TrimEnd('.');
    }

    private static AwsSession Open(Location.Aws location, Surroundings here, AWSCredentials? credentials)
    {
        try
        {
            return new AwsSession(new AwsSettings
            {
                Region = location.Region,
                Profile = location.Profile ?? NamedProfile(here),
                ProfilesFile = here.Variable("AWS_SHARED_CREDENTIALS_FILE"),
                Credentials = credentials,
                Variable = here.Variables,
                Clock = here.Clock,
            });
        }
        catch (SessionUnusableException fault)
        {
            throw CommandFault.Usage(Phrase(fault.Problem), $"{Phrase(fault.Advice)}; or write {AwsLocation.Form}");
        }
    }

    // Keys in the environment win over a profile in the environment, as everywhere with AWS.
    private static string? NamedProfile(Surroundings here) =>
        here.Variable("AWS_ACCESS_KEY_ID") is null ? here.Variable(ProfileVariable) : null;
}
