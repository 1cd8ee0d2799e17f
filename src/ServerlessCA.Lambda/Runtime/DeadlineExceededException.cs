using System.Globalization;

namespace ServerlessCA.Lambda.Runtime;

/// <summary>The function's time was over. A write that was under way may have been stored: repeating is safe.</summary>
internal sealed class DeadlineExceededException(TimeSpan given, Exception cause) : Exception(
    string.Create(CultureInfo.InvariantCulture,
        $"the function's time of {given.TotalSeconds:F1} s was over before the work was done: run it again, or give the function a longer timeout"),
    cause);
