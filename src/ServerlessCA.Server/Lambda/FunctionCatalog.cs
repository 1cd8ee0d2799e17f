using System.Globalization;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Settings;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Lambda;

/// <summary>Answers ListFunctions, GetFunction and GetFunctionConfiguration of the Lambda API.</summary>
internal sealed class FunctionCatalog(CaNames names, DateTimeOffset started, TimeSpan timeout)
{
    private const int DefaultPage = 50; // of the API reference
    private const int MaxPage = 10_000; // of the API reference
    private const string AllVersions = "ALL";

    /// <summary>Returns a page of all functions.</summary>
    /// <param name="marker">The marker of the previous page; null: the first page.</param>
    /// <param name="maxItems">The most functions of the page; null: 50.</param>
    /// <param name="functionVersion"><c>ALL</c> lists each function with its version; or null.</param>
    /// <param name="region">The caller's region; null if it is not known.</param>
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

    /// <summary>Returns one function with its details.</summary>
    public ApiReply Get(string reference, string? qualifier, string? region) =>
        TryFind(reference, qualifier, out CaFunction function, out bool qualified, out ApiFault? why)
            ? ApiReply.Ok(new FunctionDetails(Describe(function, region, qualified)))
            : ApiReply.Of(why!);

    /// <summary>Returns one function's configuration.</summary>
    public ApiReply GetConfiguration(string reference, string? qualifier, string? region) =>
        TryFind(reference, qualifier, out CaFunction function, out bool qualified, out ApiFault? why)
            ? ApiReply.Ok(Describe(function, region, qualified))
            : ApiReply.Of(why!);

    /// <summary>Finds the function that a caller names.</summary>
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

    /// <summary>Returns the ARN of a function, for messages.</summary>
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

/// <summary>Describes a function as the Lambda API does for SDKs and scripts. Immutable.</summary>
internal sealed record FunctionConfiguration
{
    /// <summary>The function's name, such as <c>serverless-tls-cert-dev</c>.</summary>
    public required string FunctionName { get; init; }

    /// <summary>The function's ARN, with the version if versions were requested.</summary>
    public required string FunctionArn { get; init; }

    /// <summary>The same as on AWS.</summary>
    public string Runtime { get; } = "provided.al2023";

    /// <summary>The function's short name.</summary>
    public required string Handler { get; init; }

    /// <summary>The function's description, for people.</summary>
    public required string Description { get; init; }

    /// <summary>The function's timeout in seconds.</summary>
    public required int Timeout { get; init; }

    /// <summary>The time that the server started, in the form of Lambda.</summary>
    public required string LastModified { get; init; }

    /// <summary>The only version.</summary>
    public string Version { get; } = FunctionReference.Latest;

    /// <summary>The same as on AWS.</summary>
    public string PackageType { get; } = "Zip";

    /// <summary>The state that SDK waiters wait for.</summary>
    public string State { get; } = "Active";

    /// <summary>The status that SDK waiters wait for.</summary>
    public string LastUpdateStatus { get; } = "Successful";
}

/// <summary>The answer of GetFunction, which holds one function.</summary>
/// <param name="Configuration">The function's configuration.</param>
internal sealed record FunctionDetails(FunctionConfiguration Configuration);

/// <summary>A page of ListFunctions, which holds some of the functions.</summary>
/// <param name="Functions">At most as many as were requested.</param>
/// <param name="NextMarker">The start of the next page; null at the end.</param>
internal sealed record FunctionPage(IReadOnlyList<FunctionConfiguration> Functions, string? NextMarker);
