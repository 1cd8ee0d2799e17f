using System.Globalization;
using ServerlessCA.Benchmarks;
using ServerlessCA.Benchmarks.Results;
using ServerlessCA.Benchmarks.Serve;

var effort = new Effort(IsShort: args.Contains("--short"));
string[] words = [.. args.Where(word => word != "--short")];
return words switch
{
    ["all"] => Math.Max(await Part.MeasureAllAsync(effort), PerformancePage.Write(effort, Page())),
    ["all", var page] => Math.Max(await Part.MeasureAllAsync(effort), PerformancePage.Write(effort, page)),
    ["page"] => PerformancePage.Write(effort, Page()),
    ["page", var page] => PerformancePage.Write(effort, page),
    ["crl", var count, var folder] => await CrlBenchmark.RunOneAsync(int.Parse(count, CultureInfo.InvariantCulture), folder),
    ["serve"] => await ServeLoad.RunAsync(program: null, attack: null),
    ["serve", var program] => await ServeLoad.RunAsync(program, attack: null),
    ["serve", var program, var attack] => await ServeLoad.RunAsync(program, attack),
    [var name] when Part.All.FirstOrDefault(part => part.Name == name) is { } part => await part.MeasureAsync(effort),
    _ => Usage(),
};

string Page() => effort.Of(Path.Combine(Repository.Root, "docs", "performance.md"), Path.Combine(Part.Folder(effort), "performance.md"));

static int Usage()
{
    Console.Error.WriteLine($"usage: {string.Join(" | ", Part.All.Select(part => part.Name))} | all [page.md] | page [page.md], each with [--short];"
        + " or serve [serverless-ca.dll [forged | silent | events]]");
    return 2;
}
