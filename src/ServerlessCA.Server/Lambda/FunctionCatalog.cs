using System.Globalization;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Lambda;

/// <summary>ListFunctions, GetFunction and GetFunctionConfiguration of the Lambda API.</summary>
internal sealed class FunctionCatalog(CaNames names, DateTimeOffset started, TimeSpan timeout)
{
    private const int DefaultPage = 50; // of the API reference
    private const int MaxPage = 10_000; // of the API reference
    private const string AllVersions = "ALL";

    /// <summary>A page of all functions.</summary>
    /// <param name="marker">Of the page before; null: the first page.</param>
    /// <param name="maxItems">How many at most; null: 50.</param>
    /// <param name="functionVersion"><c>ALL</c>: each with its version; or null.</param>
    /// <param name="region">The caller's; null when not known.</param>
    public ApiReply List(string? marker, string? maxItems, string? functionVersion, string? region)
    {
        CaFunction[] all = [.. Operation.Callable.Select(operation => operation.Function).OrderBy(names.Function, StringComparer.Ordinal)];
        int count = DefaultPage;
        if (maxItems is not null && (!TryNumber(maxItems, out count) || count is < 1 or > MaxPage))
        {
            return ApiReply.Of(ApiFault.BadName($"MaxItems must be a number from 1 to {MaxPage}."));
        }

        int first = 0;
        if (marker is not null && (!TryNumber(marker, out first) || first < 1 || first >= all.Length))
        {
            return ApiReply.Of(ApiFault.BadValue("Marker is not one of a page before: begin without it."));
        }

        if (functionVersion is not (null or AllVersions))
        {
            return ApiReply.Of(ApiFault.BadName("FunctionVersion must be ALL, or absent."));
        }

        int next = Math.Min(all.Length, first + count);
        return ApiReply.Ok(new FunctionPage(
            [.. all[first..next].Select(function => Describe(function, region, functionVersion is not null))],
            next < all.Length ? next.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <summary>One function with what surrounds it.</summary>
    public ApiReply Get(string reference, string? qualifier, string? region) =>
        TryFind(reference, qualifier, out CaFunction function, out bool qualified, out ApiFault? why)
            ? ApiReply.Ok(new FunctionDetails(Describe(function, region, qualified)))
            : ApiReply.Of(why!);

    /// <summary>One function.</summary>
    public ApiReply GetConfiguration(string reference, string? qualifier, string? region) =>
        TryFind(reference, qualifier, out CaFunction function, out bool qualified, out ApiFault? why)
            ? ApiReply.Ok(Describe(function, region, qualified))
            : ApiReply.Of(why!);

    /// <summary>The function that a caller means.</summary>
    public bool TryFind(string reference, string? qualifier, out CaFunction function, out bool qualified, out ApiFault? why)
    {
        (function, qualified) = (default, false);
        if (!FunctionReference.TryParse(reference, qualifier, out FunctionReference? parsed, out why))
        {
            return false;
        }

        if (!parsed.IsLatest || Operation.Find(names, parsed.Name) is not { } found)
        {
            why = ApiFault.NoFunction(parsed.ToString());
            return false;
        }

        (function, qualified) = (found.Function, parsed.Qualifier is not null);
        return true;
    }

    /// <summary>The ARN of a function, for messages.</summary>
    public string ArnOf(CaFunction function) => FunctionReference.ArnOf(names.Function(function), null);

    private FunctionConfiguration Describe(CaFunction function, string? region, bool qualified)
    {
        string name = names.Function(function);
        string arn = FunctionReference.ArnOf(name, region);
        return new FunctionConfiguration
        {
            FunctionName = name,
            FunctionArn = qualified ? $"{arn}:{FunctionReference.Latest}" : arn,
            Handler = Operation.Of(function).Name,
            Description = $"{Operation.Of(function).Name} of a local CA",
            Timeout = (int)timeout.TotalSeconds,
            LastModified = started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture),
        };
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>What the Lambda API tells of a function: what SDKs and scripts read. Immutable.</summary>
internal sealed record FunctionConfiguration
{
    /// <summary>Such as <c>serverless-tls-cert-dev</c>.</summary>
    public required string FunctionName { get; init; }

    /// <summary>Its ARN, with the version where versions were asked for.</summary>
    public required string FunctionArn { get; init; }

    /// <summary>As on AWS.</summary>
    public string Runtime { get; } = "provided.al2023";

    /// <summary>The short name.</summary>
    public required string Handler { get; init; }

    /// <summary>For people.</summary>
    public required string Description { get; init; }

    /// <summary>Seconds.</summary>
    public required int Timeout { get; init; }

    /// <summary>When the server started, as Lambda writes times.</summary>
    public required string LastModified { get; init; }

    /// <summary>The only version.</summary>
    public string Version { get; } = FunctionReference.Latest;

    /// <summary>As on AWS.</summary>
    public string PackageType { get; } = "Zip";

    /// <summary>Waiters wait for it.</summary>
    public string State { get; } = "Active";

    /// <summary>Waiters wait for it.</summary>
    public string LastUpdateStatus { get; } = "Successful";
}

/// <summary>The answer of GetFunction.</summary>
/// <param name="Configuration">The function.</param>
internal sealed record FunctionDetails(FunctionConfiguration Configuration);

/// <summary>A page of ListFunctions.</summary>
/// <param name="Functions">At most as many as were asked for.</param>
/// <param name="NextMarker">Where the next page begins; null at the end.</param>
internal sealed record FunctionPage(IReadOnlyList<FunctionConfiguration> Functions, string? NextMarker);
