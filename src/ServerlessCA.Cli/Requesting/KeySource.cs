using System.CommandLine;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Requesting;

/// <summary>Where the key of a request comes from: this machine, or KMS with <c>--kms-keygen</c>.</summary>
internal sealed class KeySource(Surroundings here, GlobalOptions globals, KeyOptions keys)
{
    private const string TypeOption = "--key-type";

    /// <summary>The option.</summary>
    public Option<bool> Kms { get; } = new("--kms-keygen")
    {
        Description = "Have the key drawn by KMS (GenerateDataKeyPair), with a CA on AWS; it comes over TLS, and KMS keeps nothing of it",
    };

    /// <summary>Whether an option of a new key was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Kms) || keys.AreGiven(parsed);

    /// <summary>Says what cannot be before anything is done.</summary>
    /// <exception cref="CommandFault">The CA is not on AWS, or KMS draws no such keys.</exception>
    public void Check(ParseResult parsed)
    {
        if (!parsed.GetValue(Kms))
        {
            return;
        }

        if (globals.LocationOf(parsed) is not Location.Aws)
        {
            throw CommandFault.Usage("--kms-keygen works with CAs on AWS only", $"leave it out, or name such a CA: --ca {AwsLocation.Prefix}PROJECT/ENV");
        }

        _ = DrawnSubjectKey.SpecOf(parsed.GetRequiredValue<string>(TypeOption));
    }

    /// <summary>Makes the key, or has it made.</summary>
    public async Task<SubjectKey> MakeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (!parsed.GetValue(Kms) || globals.LocationOf(parsed) is not Location.Aws aws)
        {
            return keys.Generate(parsed);
        }

        KeySpec spec = DrawnSubjectKey.SpecOf(parsed.GetRequiredValue<string>(TypeOption));
        using CloudCa ca = await CloudCa.OpenOwnAsync(aws, here, cancellation);
        string alias = $"alias/{ca.Names.TlsKeygen}";
        try
        {
            return await DrawnSubjectKey.DrawAsync(new TlsKeyGenerator(ca.Session.Kms(), alias), spec, cancellation);
        }
        catch (CaKeyUnavailableException fault) when (fault.InnerException is NotFoundException)
        {
            throw await ca.NotThereAsync("KMS key", alias, fault);
        }
    }
}
