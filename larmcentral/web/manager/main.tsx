import { render } from "preact";
import { Speech } from "./words/speech";

const root = document.getElementById("app");
if (root) render(<h1>{new Speech("sv").say("title")}</h1>, root);
