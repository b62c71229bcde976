using System.Diagnostics;
using System.Text.Json;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>A message as Python's standard library understands it.</summary>
internal sealed record ReadMail(
    IReadOnlyList<IReadOnlyList<string>> Headers,
    IReadOnlyList<ReadPart> Parts,
    IReadOnlyList<string> Defects
)
{
    public string Header(string name) => Headers.Single(header => header[0] == name)[1];
}

internal sealed record ReadPart(string Type, string Text);

/// <summary>Reads messages by a parser that is not ours.</summary>
internal static class MailReader
{
    public static bool IsInstalled { get; } = Programs.Find("python3") is not null;

    public static async Task<IReadOnlyList<ReadMail>> ReadAsync(IEnumerable<byte[]> messages)
    {
        var directory = Directory.CreateTempSubdirectory("mail");
        try
        {
            var files = messages.Select(
                (bytes, i) =>
                {
                    string path = Path.Combine(directory.FullName, $"{i:d5}.eml");
                    File.WriteAllBytes(path, bytes);
                    return path;
                }
            );
            return await ReadFilesAsync([.. files]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public static async Task<IReadOnlyList<ReadMail>> ReadFilesAsync(IReadOnlyList<string> files)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Email", "read_mail.py");
        string output = await Programs.RunAsync("python3", [script, .. files]);
        return JsonSerializer.Deserialize<ReadMail[]>(output, JsonSerializerOptions.Web).ShouldNotBeNull();
    }
}

/// <summary>Programs of the machine.</summary>
internal static class Programs
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);

    public static async Task<string> RunAsync(string program, string[] arguments, string? directory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return await output;
    }
}

/// <summary>
/// A test that needs programs of the machine, and is skipped with a word about it where one is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsFactAttribute : FactAttribute
{
    public NeedsFactAttribute(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => Programs.Find(program) is null)];
        Skip = missing.Length > 0 ? $"needs {string.Join(", ", missing)}, which is not installed" : null;
    }
}
