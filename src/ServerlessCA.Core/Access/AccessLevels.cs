namespace ServerlessCA.Core.Access;

/// <summary>The levels' names.</summary>
public static class AccessLevels
{
    private const string RequestName = "request";
    private const string OperateName = "operate";

    /// <summary>As operators write it.</summary>
    public static string Name(AccessLevel level) => level == AccessLevel.Operate ? OperateName : RequestName;

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out AccessLevel level)
    {
        level = text == OperateName ? AccessLevel.Operate : AccessLevel.Request;
        return text is RequestName or OperateName;
    }
}
