import { runOnce } from "./run.ts";
import { judge } from "../checker/judge.ts";
const [from="0",n="3",show]=process.argv.slice(2);
const a=performance.now();let bad=0;const inh:Record<string,number>={};
for(let i=Number(from);i<Number(from)+Number(n);i++){
 try{ const r=await runOnce(`1/${i}`); if(show)console.log(r.log.join("\n")); const v=judge(r.evidence); for(const x of v.inherent)inh[x]=(inh[x]??0)+1; if(v.violations.length){bad++;console.log(i,r.scenario.broken.join(),Object.keys(r.hits).join(", "),"\n   ",v.violations.slice(0,3).join("\n    "))} }catch(e){bad++;console.log(i,e)}
}
console.log("bad",bad,inh,"ms per run",(performance.now()-a)/Number(n));
