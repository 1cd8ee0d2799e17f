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

/// <summary>Holds and reads the options of the key that is made.</summary>
internal sealed class KeyOptions(Surroundings here)
{
    private readonly Option<string> type = Choice.Of(
        "--key-type", "TYPE", $"Kind of the key that is made: {string.Join(", ", SubjectKeyType.Names)} (default {SubjectKeyType.Default})",
        SubjectKeyType.Names, SubjectKeyType.Default);

    private readonly PassphraseOptions passphrase = new(here, "--key-passphrase", "to encrypt the key file with (default: not encrypted)");

    /// <summary>All of them, for the help.</summary>
    public IReadOnlyList<Option> All => [type, .. passphrase.All];

    /// <summary>Says whether one of them was given, which is a mistake where no key is made.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetResult(type) is { Implicit: false } || passphrase.AreGiven(parsed);

    /// <summary>Returns the kind of key.</summary>
    public SubjectKeyType TypeOf(ParseResult parsed) => SubjectKeyType.Of(parsed.GetRequiredValue(type));

    /// <summary>Makes a key on this machine.</summary>
    public SubjectKey Generate(ParseResult parsed) => TypeOf(parsed).Generate();

    /// <summary>Checks that <c>--file</c> and the passphrase do not both come from standard input.</summary>
    /// <exception cref="CommandFault">Both do.</exception>
    public void ExpectInputBeside(ParseResult parsed, string? request)
    {
        if (request == AnyInput.Standard && passphrase.FileOf(parsed) == AnyInput.Standard)
        {
            throw CommandFault.Usage($"--file and {passphrase.FileOption} are both standard input", "name a file for one of them");
        }
    }

    /// <summary>Reads the passphrase; null when the key file is not to be encrypted.</summary>
    /// <exception cref="CommandFault">It cannot be read.</exception>
    public Task<string?> ReadPassphraseAsync(ParseResult parsed, CancellationToken cancellation) => passphrase.ReadAsync(parsed, cancellation);
}

/// <summary>Provides the key of a request: made on this machine, or by KMS with <c>--kms-keygen</c>.</summary>
internal sealed class KeySource(Surroundings here, GlobalOptions globals, KeyOptions keys)
{
    private const string TypeOption = "--key-type";

    /// <summary>The option <c>--kms-keygen</c>.</summary>
    public Option<bool> Kms { get; } = new("--kms-keygen")
    {
        Description = "Have KMS generate the key (GenerateDataKeyPair), with a CA on AWS; it comes over TLS, and KMS does not store it",
    };

    /// <summary>Says whether an option of a new key was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Kms) || keys.AreGiven(parsed);

    /// <summary>Checks the options before anything is done.</summary>
    /// <exception cref="CommandFault">The CA is not on AWS, or KMS generates no such keys.</exception>
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

    /// <summary>Makes the key, or has KMS generate it.</summary>
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
