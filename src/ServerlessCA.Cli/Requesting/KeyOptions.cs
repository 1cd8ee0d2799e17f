using System.CommandLine;
using Amazon.KeyManagementService.Model;
using ServerlessCA.Aws.Kms;
using ServerlessCA.Cli.Cloud;
using ServerlessCA.Cli.Files;
using ServerlessCA.Cli.Keys;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Keys;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Cli.Requesting;

/// <summary>The options of the key that is made.</summary>
internal sealed class KeyOptions(Surroundings here)
{
    private readonly Option<string> type = Choice.Of(
        "--key-type", "TYPE", $"Kind of the key that is made: {string.Join(", ", SubjectKeyType.Names)} (default {SubjectKeyType.Default})",
        SubjectKeyType.Names, SubjectKeyType.Default);

    private readonly PassphraseOptions passphrase = new(here, "--key-passphrase", "to encrypt the key file with (default: not encrypted)");

    /// <summary>For the help.</summary>
    public IReadOnlyList<Option> All => [type, .. passphrase.All];

    /// <summary>Whether one of them was given: without a key to make that is a mistake.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetResult(type) is { Implicit: false } || passphrase.AreGiven(parsed);

    /// <summary>The kind of key.</summary>
    public SubjectKeyType TypeOf(ParseResult parsed) => SubjectKeyType.Of(parsed.GetRequiredValue(type));

    /// <summary>Makes a key.</summary>
    public SubjectKey Generate(ParseResult parsed) => TypeOf(parsed).Generate();

    /// <summary>Says if standard input is wanted twice.</summary>
    /// <exception cref="CommandFault">It is.</exception>
    public void ExpectInputBeside(ParseResult parsed, string? request)
    {
        if (request == AnyInput.Standard && passphrase.FileOf(parsed) == AnyInput.Standard)
        {
            throw CommandFault.Usage($"--file and {passphrase.FileOption} are both standard input", "name a file for one of them");
        }
    }

    /// <summary>The passphrase; null when the key file is not to be encrypted.</summary>
    /// <exception cref="CommandFault">It cannot be had.</exception>
    public Task<string?> ReadPassphraseAsync(ParseResult parsed, CancellationToken cancellation) => passphrase.ReadAsync(parsed, cancellation);
}

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

        _ = KmsSubjectKey.SpecOf(parsed.GetRequiredValue<string>(TypeOption));
    }

    /// <summary>Makes the key, or has it made.</summary>
    public async Task<SubjectKey> MakeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (!parsed.GetValue(Kms) || globals.LocationOf(parsed) is not Location.Aws aws)
        {
            return keys.Generate(parsed);
        }

        KeySpec spec = KmsSubjectKey.SpecOf(parsed.GetRequiredValue<string>(TypeOption));
        using CloudCa ca = await CloudCa.OpenOwnAsync(aws, here, cancellation);
        string alias = $"alias/{ca.Names.TlsKeygen}";
        try
        {
            return await KmsSubjectKey.GenerateAsync(new TlsKeyGenerator(ca.Session.Kms(), alias), spec, cancellation);
        }
        catch (CaKeyUnavailableException fault) when (fault.InnerException is NotFoundException)
        {
            throw await ca.NotThereAsync("KMS key", alias, fault);
        }
    }
}
