using System.CommandLine;
using System.Globalization;
using System.Net;
using ServerlessCA.Cli.Files;
using ServerlessCA.Core.Access;
using ServerlessCA.Server;
using ServerlessCA.Server.Access;
using ServerlessCA.Server.Tls;

namespace ServerlessCA.Cli.Commands;

/// <summary>Holds and reads the options of <c>serve</c>.</summary>
internal sealed class ServeOptions(Surroundings here)
{
    /// <summary>The environment variable with the token of operators.</summary>
    public const string TokenVariable = "SERVERLESS_CA_TOKEN";

    private const int MaxTokenOctets = 4096; // our decision: a larger file is not a token but the wrong file
    private const int MaxHours = 24 * 7; // our decision: reminders and CRLs need at least a run a week

    private readonly Option<string> listen = new("--listen")
    {
        HelpName = "ADDRESS:PORT",
        Description = "Where to listen (default 127.0.0.1:8443); port 0 takes a free one",
        DefaultValueFactory = _ => "127.0.0.1:8443",
    };

    private readonly Option<int> every = new("--every")
    {
        HelpName = "HOURS",
        Description = "Run the pipeline again so often (default 24)",
        DefaultValueFactory = _ => 24,
    };

    private readonly Option<string?> tokenFile = new("--token-file")
    {
        HelpName = "FILE",
        Description = $"File with a token whose holders may do everything (default: variable {TokenVariable}, else none)",
    };

    private readonly Option<string?> requestTokenFile = new("--request-token-file")
    {
        HelpName = "FILE",
        Description = "File with another token, whose holders may ask for certificates and read the CA's records, and nothing else",
    };

    private readonly Option<string[]> policyTokenFiles = new("--token-policy")
    {
        HelpName = "POLICY=FILE",
        Description = "File with another token, whose holders may ask for what this policy of request_policies allows, and read; may be repeated",
    };

    private readonly Option<string?> metricsTokenFile = new("--metrics-token-file")
    {
        HelpName = "FILE",
        Description = "File with another token, whose holders may read /metrics, and nothing else: for Prometheus",
    };

    private readonly Option<string[]> clients = new("--allow-client")
    {
        HelpName = "NAME[=operate|=policy:POLICY]",
        Description = "Callers may also come with a client certificate of this CA with this common name, to ask for certificates and read, or to do everything, or to ask for what a policy allows; "
            + $"nobody else gets one for that name from 'serve'; '{AllowedClient.Everybody}' admits every one",
    };

    private readonly Option<bool> pageRequests = new("--page-requests")
    {
        Description = "Whoever is signed in on the page may also request certificates there, with a key that the browser makes",
    };

    private readonly Option<int> perAddress = new("--connections-per-address")
    {
        HelpName = "COUNT",
        Description = $"How many of {ServerOptions.DefaultConnections} connections callers of one address may have before they are authenticated "
            + $"(default {new ServerOptions().ConnectionsPerAddress})",
        DefaultValueFactory = _ => new ServerOptions().ConnectionsPerAddress,
    };

    private readonly Option<string[]> tlsNames = new("--tls-name")
    {
        HelpName = "NAME",
        Description = "Serve TLS with a certificate for this host name or IP address that the CA issues itself, and renews",
    };

    private readonly Option<string?> tlsCertificate = new("--tls-cert")
    {
        HelpName = "FILE",
        Description = "Serve TLS with this certificate and its chain, PEM; read again when it changes",
    };

    private readonly Option<string?> tlsKey = new("--tls-key") { HelpName = "FILE", Description = "Its private key, PEM, without a passphrase" };

    /// <summary>The options of the address and of the runs.</summary>
    public IReadOnlyList<Option> Running => [listen, every];

    /// <summary>The options by which callers are authenticated.</summary>
    public IReadOnlyList<Option> Callers =>
        [tokenFile, requestTokenFile, policyTokenFiles, metricsTokenFile, clients, pageRequests, perAddress];

    /// <summary>The options by which the server is authenticated.</summary>
    public IReadOnlyList<Option> Tls => [tlsNames, tlsCertificate, tlsKey];

    /// <summary>Reads all of them.</summary>
    /// <exception cref="CommandFault">They contradict each other, are incomplete, or a file cannot be read.</exception>
    public ServerOptions Read(ParseResult parsed)
    {
        AccessPolicy access = AccessOf(parsed);
        var options = new ServerOptions
        {
            Listen = ListenAddress.Of(parsed.GetRequiredValue(listen)),
            Access = access,
            MetricsToken = MetricsTokenOf(parsed, access),
            PageRequests = parsed.GetValue(pageRequests),
            Tls = SourceOf(parsed),
            RunEvery = TimeSpan.FromHours(HoursOf(parsed)),
            ConnectionsPerAddress = PerAddressOf(parsed),
        };
        IReadOnlyList<MissingPart> missing = options.Missing();
        return missing.Count == 0 ? options : throw Incomplete(options, missing);
    }

    private AccessPolicy AccessOf(ParseResult parsed)
    {
        var access = new AccessPolicy([], [.. (parsed.GetValue(clients) ?? []).Select(ClientOf)]);
        AccessToken? operators = parsed.GetValue(tokenFile) is { } file ? ReadToken(tokenFile.Name, file)
            : here.Variable(TokenVariable) is { } text ? Parsed(TokenVariable, text)
            : null;
        AccessToken? requesters = parsed.GetValue(requestTokenFile) is { } other ? ReadToken(requestTokenFile.Name, other) : null;
        if (operators is not null && requesters is not null && operators.IsSameAs(requesters))
        {
            throw CommandFault.Usage($"the token of {requestTokenFile.Name} is that of operators, too: its holders could do everything", "take another one");
        }

        access = operators is null ? access : access.WithToken(operators);
        access = requesters is null ? access : access.WithRequestToken(requesters);
        return (parsed.GetValue(policyTokenFiles) ?? []).Aggregate(access, WithPolicyToken);
    }

    private AccessPolicy WithPolicyToken(AccessPolicy access, string text)
    {
        int separator = text.IndexOf('=', StringComparison.Ordinal);
        if (separator < 1 || separator == text.Length - 1)
        {
            throw CommandFault.Usage($"{policyTokenFiles.Name} '{text}' is not POLICY=FILE", $"write {policyTokenFiles.Name} web=/run/secrets/web-token");
        }

        string policy = text[..separator];
        AccessToken token = ReadToken(policyTokenFiles.Name, text[(separator + 1)..]);
        return access.Tokens.Any(grant => grant.PolicyName == policy)
                ? throw CommandFault.Usage($"{policyTokenFiles.Name} gives the policy '{policy}' two tokens", "give each policy one token")
            : access.Tokens.Any(grant => grant.Token.IsSameAs(token))
                ? throw CommandFault.Usage($"the token of {policyTokenFiles.Name} '{policy}' is that of other callers, too: its holders could do more", "take another one")
            : access.WithPolicyToken(policy, token);
    }

    private AccessToken? MetricsTokenOf(ParseResult parsed, AccessPolicy access)
    {
        AccessToken? token = parsed.GetValue(metricsTokenFile) is { } file ? ReadToken(metricsTokenFile.Name, file) : null;
        return token is null || !access.Tokens.Any(grant => grant.Token.IsSameAs(token))
            ? token
            : throw CommandFault.Usage($"the token of {metricsTokenFile.Name} admits to more than the metrics", "take another one");
    }

    private AllowedClient ClientOf(string text) => AllowedClient.TryParse(text, out AllowedClient? client, out string? why)
        ? client
        : throw CommandFault.Usage($"{clients.Name} '{text}' {why}", null);

    private AccessToken ReadToken(string option, string file)
    {
        string text = InputFile.Text(file, option, MaxTokenOctets, here.Clock);
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
        {
            here.Terminal.Warning($"every user of this machine may read '{file}': chmod 600");
        }

        return Parsed($"{option} '{file}'", text);
    }

    private static AccessToken Parsed(string source, string text) => AccessToken.TryParse(text, out AccessToken? token, out string? why)
        ? token!
        : throw CommandFault.Usage($"the token of {source} {why}", null);

    private TlsSource? SourceOf(ParseResult parsed) =>
        (parsed.GetValue(tlsNames) ?? [], parsed.GetValue(tlsCertificate), parsed.GetValue(tlsKey)) switch
        {
            ([], null, null) => null,
            ([], { } certificate, { } key) => new TlsSource.Files(certificate, key),
            ({ Length: > 0 } names, null, null) => new TlsSource.OwnCertificate(names),
            ([], _, _) => throw CommandFault.Usage("--tls-cert and --tls-key belong together", "give both"),
            _ => throw CommandFault.Usage("--tls-name and --tls-cert are both given", "give one of them"),
        };

    private int HoursOf(ParseResult parsed) => parsed.GetValue(every) is var hours and >= 1 and <= MaxHours
        ? hours
        : throw CommandFault.Usage(string.Create(CultureInfo.InvariantCulture, $"--every must be from 1 to {MaxHours} hours"), null);

    private int PerAddressOf(ParseResult parsed) => parsed.GetValue(perAddress) is var count and >= 1 and <= ServerOptions.DefaultConnections
        ? count
        : throw CommandFault.Usage(string.Create(CultureInfo.InvariantCulture, $"{perAddress.Name} must be from 1 to {ServerOptions.DefaultConnections}"), null);

    private static CommandFault Incomplete(ServerOptions options, IReadOnlyList<MissingPart> missing)
    {
        bool tls = missing.Contains(MissingPart.Tls);
        bool callers = missing.Contains(MissingPart.Authentication);
        string why = options.IsLoopback ? "--allow-client needs client certificates" : $"other machines reach {options.Listen}";
        string what = (tls, callers) switch
        {
            (true, true) => "it needs TLS, and callers must show who they are",
            (true, false) => "it needs TLS",
            _ => "callers must show who they are",
        };
        string[] help =
        [
            .. tls ? (string[])["--tls-name HOST, or --tls-cert and --tls-key"] : [],
            .. callers ? (string[])[$"--token-file FILE, variable {TokenVariable}, or --allow-client NAME"] : [],
        ];
        return CommandFault.Usage($"{why}: {what}", $"give {string.Join("; and ", help)}{(options.IsLoopback ? "" : "; or listen on 127.0.0.1")}");
    }
}

/// <summary>Reads the value of <c>--listen</c>.</summary>
internal static class ListenAddress
{
    private const string HowToWrite = "write ADDRESS:PORT, such as 127.0.0.1:8443, [::1]:8443 or 0.0.0.0:443; port 0 takes a free one";

    /// <summary>Reads address and port.</summary>
    /// <exception cref="CommandFault">The text is not an address with a port.</exception>
    public static IPEndPoint Of(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        IPAddress? address = host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(bracketed ? host[1..^1] : host, out IPAddress? parsed) && bracketed == host.Contains(':') ? Plain(parsed)
            : null;
        bool ported = ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        return address is not null && ported
            ? new IPEndPoint(address, port)
            : throw CommandFault.Usage($"--listen '{text}' is not an address with a port", HowToWrite);
    }

    // ::ffff:127.0.0.1 is 127.0.0.1 written for IPv6 (RFC 4291 §2.5.5.2); a socket that takes IPv6 alone cannot have it.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
